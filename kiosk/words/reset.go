package words

// resetWords are on the pages of a factory reset, for staff.
var resetWords = map[string]entry{
	"reset.name":      {"恢复出厂", "Factory reset"},
	"reset.is":        {"擦掉这台终端上的全部内容", "Wipes everything on this terminal"},
	"reset.ask":       {"恢复", "Reset"},
	"reset.title":     {"擦掉全部内容吗？", "Wipe everything?"},
	"reset.lost":      {"设置、网络、岗位、推荐记录、登记的钥匙都会擦掉，不能找回。要重新装机才能用。", "Settings, network, postings, referrals and the terminal's key are lost for good. It has to be set up anew."},
	"reset.counting":  {"正在数还没送到后台的记录", "Counting what the hub does not have"},
	"reset.left":      {"还有 %d 条记录没送到后台，会丢失", "Records that the hub does not have, and will be lost: %d"},
	"reset.stick":     {"先插一个工作人员的 U 盘，等记录写完再擦", "First put in a staff stick, and wait until the records are on it"},
	"reset.unknown":   {"数不出还有多少记录没送到后台", "It cannot be told how many records the hub does not have"},
	"reset.none":      {"所有记录都已送到后台", "The hub has all records"},
	"reset.key":       {"请把服务钥匙转到开，并保持住", "Turn the service key on, and hold it there"},
	"reset.broken":    {"没有擦成，请重新开机再试", "It could not be done; restart and try again"},
	"reset.keep":      {"不擦，返回", "No, go back"},
	"reset.wipe":      {"全部擦掉", "Wipe everything"},
	"reset.wiping":    {"正在重新启动，请不要断电", "Restarting; please leave the power on"},
	"reset.wiping.is": {"擦完后会回到装机的页面", "It then asks to be set up"},
}
