package words

// boardFileWords are what the commands say that look after the file of the
// board. Who reads them looks after a terminal, and may not read English.
var boardFileWords = map[string]entry{
	"boardfile.file":      {"岗位板文件：%s，%s；索引 %s", "Board file: %s, %s; index %s"},
	"boardfile.postings":  {"岗位：%d 个，其中有效 %d 个，来自 %d 家单位", "Postings: %d, of them open %d, of %d employers"},
	"boardfile.updated":   {"更新时间：%s；已收到第 %d 批更新", "Updated: %s; the feed's last delta is %d"},
	"boardfile.byhand":    {"更新时间：%s；没有收到过联网更新", "Updated: %s; never by a feed"},
	"boardfile.never":     {"更新时间：还没有导入过岗位", "Updated: never"},
	"boardfile.segments":  {"存储：%d 段，压缩前 %s，压缩后 %s；改动 %d 次", "Storage: %d segments, %s deflated to %s; %d commits"},
	"boardfile.gone":      {"已作废、还占地方的岗位：%d 个（100 个里有 %d 个），整理（board compact）后释放", "Postings gone that still take room: %d (%d in 100); “board compact” frees it"},
	"boardfile.compacted": {"整理好了：%s，原来 %s，现在 %s；去掉了 %d 个作废的岗位", "Compacted: %s, %s before, %s now; %d postings that were gone were left out"},
	"boardfile.whole":     {"检查完毕，没有损坏：%s，%d 个岗位", "Checked, and whole: %s, %d postings"},
	"boardfile.aside":     {"岗位板打不开，已改名为 %s，换上了空的。请重新导入岗位，或等联网更新", "The board could not be opened. It is now %s, and an empty one is in its place: import the postings again, or let the hub send them"},
	"boardfile.damaged":   {"岗位板损坏：%d 处，%d 个岗位读不出来。先关掉终端程序，再删除 %s*，然后重新导入岗位，或等联网更新；岗位板只是副本，不会丢别的东西", "The board is damaged in %d places, and %d postings cannot be read. End the terminal, remove %s*, and import the postings again, or let the hub send them; nothing but a copy is lost"},
	"boardfile.found":     {"损坏之处：%s", "Found: %s"},
	"boardfile.unread":    {"读不出来的岗位：%s", "Cannot be read: %s"},
	"boardfile.more":      {"还有 %d 处没有列出", "%d more are not listed"},
}
