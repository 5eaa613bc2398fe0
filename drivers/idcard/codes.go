package idcard

import "strings"

// EthnicName is the name of the card's ethnicity (民族) without 族, after
// GB/T 3304: codes 1 to 56, 97 其他 and 98 外国血统中国籍人士. It is "" for
// cards without one and for unknown codes.
func (c *Card) EthnicName() string { return ethnicName(c.Ethnic) }

func ethnicName(code int) string {
	switch code {
	case 57:
		return "编码错" // what issuing systems write when none of the codes fits
	case 97:
		return "其他"
	case 98:
		return "外国血统中国籍人士"
	}
	names := strings.Fields(ethnicNames)
	if code < 1 || code > len(names) {
		return ""
	}
	return names[code-1]
}

// ethnicNames is in the order of the codes, 01 to 56.
const ethnicNames = `汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜
	满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳
	佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土
	达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米
	塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔
	独龙 鄂伦春 赫哲 门巴 珞巴 基诺`
