package words

// benchWords are on the demonstration bench beside the terminal, for people
// who show or develop it, not for residents.
var benchWords = map[string]entry{
	"bench.title":      {"演示台（模拟的设备）", "Demo bench (simulated devices)"},
	"bench.cards":      {"身份证（都是虚构的人）", "ID cards (all fictional)"},
	"bench.lift":       {"拿走卡", "Lift the card"},
	"bench.cover":      {"打开盖子", "Open the cover"},
	"bench.cover.off":  {"盖上盖子", "Close the cover"},
	"bench.paper":      {"把纸用完", "Run out of paper"},
	"bench.paper.off":  {"装上新纸", "Load paper"},
	"bench.power":      {"拔掉打印机", "Unplug the printer"},
	"bench.power.off":  {"插上打印机", "Plug the printer in"},
	"bench.reader":     {"拔掉读卡器", "Unplug the reader"},
	"bench.reader.off": {"插上读卡器", "Plug the reader in"},
	"bench.take":       {"拿走推荐单", "Take the slip"},
	"bench.scan":       {"把单子放到扫码器", "Hold the slip to the scanner"},
	"bench.slip":       {"出纸口", "Slip slot"},
	"bench.empty":      {"还没有推荐单", "No slip yet"},
}
