package words

// Faults lists the faults that a terminal can name, by device. Each has a
// sentence for staff, fault.<name>.staff, which says what it is and what to
// do, and one for residents, fault.<name>.resident, which says what they do
// instead.
func Faults() []string {
	return []string{
		"paper-out", "paper-low", "paper-predicted", "cover-open", "cutter", "jam", "overheated", "unrecoverable",
		"slip-not-taken", "printer-offline", "printer-unplugged", "printer-garbled", "printer-unknown", "printer-none",
		"feed-key",
		"reader-unplugged", "reader-silent", "reader-self-test", "reader-not-authorised", "reader-power-cycled",
		"reader-none", "card-left", "card-unreadable", "card-other",
		"scanner-unplugged", "badge-unplugged", "badge-silent", "panel-pin", "door-open",
		"self-test", "not-fitted", "board-broken", "ledger-broken", "clock-wrong",
	}
}

// faultWords have the two sentences of each fault.
var faultWords = map[string]entry{
	"fault.paper-out.staff":          {"打印机没纸了。打开盖子，放进新纸，再点“已换纸”。", "Out of paper. Open the cover, put a new roll in, then touch “New paper”."},
	"fault.paper-out.resident":       {"打印机没纸了，用手机扫码也一样，什么都不会丢", "No paper: scan the code with a phone instead; nothing is lost"},
	"fault.paper-low.staff":          {"打印纸快用完了。请准备好一卷新纸。", "The paper is low. Have a new roll at hand."},
	"fault.paper-low.resident":       {"打印纸快用完了，现在还能打印", "The paper is low, but slips can still be printed"},
	"fault.paper-predicted.staff":    {"按张数算，纸快用完了。打开看看，换了就点“已换纸”。", "By the count of slips the paper is low. Look, and touch “New paper” if you change it."},
	"fault.paper-predicted.resident": {"打印纸可能快用完了，现在还能打印", "The paper may be low, but slips can still be printed"},
	"fault.cover-open.staff":         {"打印机的盖子没盖好。两边都按下去，听到响声才算。", "The printer's cover is open. Press both sides down until it clicks."},
	"fault.cover-open.resident":      {"打印机的盖子开着，用手机扫码也一样", "The printer's cover is open: scan the code with a phone instead"},
	"fault.cutter.staff":             {"切纸刀卡住了。关掉打印机，打开盖子，取出碎纸，再开机。", "The cutter is stuck. Switch the printer off, take out scraps of paper, switch it on."},
	"fault.cutter.resident":          {"打印机卡住了，请不要拉纸，用手机扫码也一样", "The printer is jammed: leave the paper, scan the code with a phone"},
	"fault.jam.staff":                {"卡纸了。打开盖子，取出卡住的纸，拉直，再盖好。", "Paper is jammed. Open the cover, take it out, put the roll in straight, close the cover."},
	"fault.jam.resident":             {"打印机卡纸了，请不要拉纸，用手机扫码也一样", "The paper is jammed: leave it, and scan the code with a phone"},
	"fault.overheated.staff":         {"打印头太热，自己停了。不用动它，过几分钟就好。", "The print head is hot and has stopped by itself. Wait a few minutes."},
	"fault.overheated.resident":      {"打印机太热了，过几分钟就好，也可以用手机扫码", "The printer is hot: wait some minutes, or scan with a phone"},
	"fault.unrecoverable.staff":      {"打印机自己说坏了。关机等十秒，再开机；还不行就报修。", "The printer says it is broken. Off for ten seconds, then on; if that fails, have it repaired."},
	"fault.unrecoverable.resident":   {"打印机坏了，用手机扫码也一样，什么都不会丢", "The printer is broken: scan the code with a phone; nothing is lost"},
	"fault.slip-not-taken.staff":     {"有一张单子没人拿。请收走，单子上印着人的姓。", "A slip was left in the slot. Take it away; it has somebody's surname on it."},
	"fault.slip-not-taken.resident":  {"出纸口还有一张单子，拿走它就能接着打印", "A slip is still in the slot: take it, and printing goes on"},

	"fault.printer-offline.staff":      {"打印机停着，没说为什么。看看它的灯，关机再开机。", "The printer has stopped and does not say why. Look at its lights; switch it off and on."},
	"fault.printer-offline.resident":   {"打印机停了，用手机扫码也一样，什么都不会丢", "The printer has stopped: scan with a phone; nothing is lost"},
	"fault.printer-unplugged.staff":    {"找不到打印机。看看电源线和数据线插好没有。", "The printer is not found. Check its power cable and its data cable."},
	"fault.printer-unplugged.resident": {"打印机没有接上，用手机扫码也一样", "The printer is not connected: scan the code with a phone instead"},
	"fault.printer-garbled.staff":      {"打印机的回话看不懂。多半是设置里的速率或型号不对。", "The printer's answers make no sense. The speed or model in the settings is likely wrong."},
	"fault.printer-garbled.resident":   {"打印机暂时不能用，用手机扫码也一样", "The printer is not working: scan the code with a phone instead"},
	"fault.printer-unknown.staff":      {"问不到打印机好不好。打一张测试单看看。", "The printer cannot be asked how it is. Print a test slip and look."},
	"fault.printer-unknown.resident":   {"打印机还没准备好，可以先看工作，用手机扫码", "The printer is not ready yet: look at jobs, scan with a phone"},
	"fault.printer-none.staff":         {"设置里没有打印机。想打印，就在设置里写上它。", "The settings name no printer. To print slips, add one there."},
	"fault.printer-none.resident":      {"这台机器不打印，用手机扫码就能带走工作信息", "This terminal does not print: scan the code with a phone"},
	"fault.feed-key.staff":             {"进纸键一直被按着。没人按的话，就是键卡住了。", "The feed key is held down. If nobody presses it, it is stuck."},
	"fault.feed-key.resident":          {"打印机正在进纸，等一下，也可以用手机扫码", "Paper is being fed: wait a moment, or scan with a phone"},

	"fault.reader-unplugged.staff":         {"找不到身份证读卡器。看看它的数据线插好没有。", "The ID card reader is not found. Check its cable."},
	"fault.reader-unplugged.resident":      {"读卡器没有接上，不刷身份证也一样找工作", "The card reader is not connected: go on without your card"},
	"fault.reader-silent.staff":            {"读卡器没有反应。拔下它的线，等十秒，再插上。", "The card reader does not answer. Pull its cable, wait ten seconds, plug it in."},
	"fault.reader-silent.resident":         {"读卡器暂时不能用，不刷身份证也一样找工作", "The card reader is not working: go on without your card"},
	"fault.reader-self-test.staff":         {"读卡器说自己坏了。拔下再插；还不行就换一台。", "The card reader says it is broken. Unplug it and plug it in; if that fails, replace it."},
	"fault.reader-self-test.resident":      {"读卡器坏了，不刷身份证也一样找工作", "The card reader is broken: go on without your card"},
	"fault.reader-not-authorised.staff":    {"读卡器里的安全模块没有授权。请找卖读卡器的人。", "The reader's security module is not authorised. Ask whoever sold it."},
	"fault.reader-not-authorised.resident": {"读卡器还不能用，不刷身份证也一样找工作", "The card reader cannot be used yet: go on without your card"},
	"fault.reader-power-cycled.staff":      {"读卡器停过，已经给它断电重开。常常这样就要换。", "The reader had stopped and its power was cut and restored. If this happens often, replace it."},
	"fault.reader-power-cycled.resident":   {"读卡器正在重开，等一下；不刷卡也一样找工作", "The card reader is restarting: wait, or go on without your card"},
	"fault.reader-none.staff":              {"设置里没有读卡器，不用管。想用就在设置里写上它。", "The settings name no card reader. To use one, add it there."},
	"fault.reader-none.resident":           {"这里不用刷身份证，直接找工作", "No ID card is needed here: just look for work"},
	"fault.card-left.staff":                {"有人把身份证忘在读卡器上。请收好，等人来取。", "An ID card was left on the reader. Keep it safe for its owner."},
	"fault.card-left.resident":             {"有人忘了拿身份证，请交给工作人员，谢谢", "Somebody left an ID card here: please give it to the staff"},
	"fault.card-unreadable.staff":          {"有张卡读不出来。擦干净，再放一次；别的卡能读就没事。", "A card cannot be read. Wipe it and try again; if others can be read, all is well."},
	"fault.card-unreadable.resident":       {"卡没读出来，拿起来再放一次；不刷也一样", "The card was not read: place it again, or go on without"},
	"fault.card-other.staff":               {"放上来的不是身份证，读不了。请放身份证。", "The card on the reader is no ID card. Use an ID card."},
	"fault.card-other.resident":            {"这张不是身份证，请放身份证；不刷也一样", "This is no ID card: use one, or go on without"},

	"fault.scanner-unplugged.staff":    {"找不到扫码器。看看它的数据线插好没有。", "The scanner is not found. Check its cable."},
	"fault.scanner-unplugged.resident": {"扫码口暂时不能用，在屏幕上一样能找工作", "The scanner is not working: look for work on the screen instead"},
	"fault.badge-unplugged.staff":      {"找不到工牌读卡器。看看它的数据线插好没有。", "The badge reader is not found. Check its cable."},
	"fault.badge-unplugged.resident":   {"工作人员的读卡器没接上，您照常用", "The staff's badge reader is not connected: go on as usual"},
	"fault.badge-silent.staff":         {"工牌读卡器没有反应。拔下它的线，等十秒，再插上。", "The badge reader does not answer. Pull its cable, wait ten seconds, plug it in."},
	"fault.badge-silent.resident":      {"工作人员的读卡器没有反应，您照常用", "The staff's badge reader does not answer: go on as usual"},
	"fault.panel-pin.staff":            {"灯、蜂鸣器或感应器有一个接不上。核对设置里的接线。", "A pin of the lamp, buzzer or sensor cannot be used. Check the pins in the settings."},
	"fault.panel-pin.resident":         {"机器的灯可能不亮，您照常用", "The terminal's lamp may stay dark: go on as usual"},
	"fault.door-open.staff":            {"机器的柜门开着。弄完了请关好、锁好。", "The door of the case is open. Close and lock it when you are done."},
	"fault.door-open.resident":         {"机器的柜门开着，请告诉工作人员；您照常用", "The terminal's door is open: tell the staff, and go on as usual"},

	"fault.self-test.staff":        {"今天的自检没通过。点“测试”再试一次。", "Today's self-test failed. Touch “Test” to try again."},
	"fault.self-test.resident":     {"机器有个地方没通过检查，别的都照常用", "One part failed its check: everything else works as usual"},
	"fault.not-fitted.staff":       {"没有装，不用管。装了就在设置里写上它。", "Not fitted; nothing to do. If you fit one, add it to the settings."},
	"fault.not-fitted.resident":    {"这里没装这个，别的都照常用", "This is not fitted here: everything else works as usual"},
	"fault.board-broken.staff":     {"岗位数据打不开。重新开机；还不行就找管理员。", "The postings cannot be opened. Restart the terminal; if that fails, tell the administrator."},
	"fault.board-broken.resident":  {"岗位暂时看不了，请到服务台问工作人员", "Postings cannot be shown now: please ask at the service desk"},
	"fault.ledger-broken.staff":    {"推荐记录写不进去，所以不能打印。请马上找管理员。", "Referrals cannot be written down, so nothing is printed. Tell the administrator at once."},
	"fault.ledger-broken.resident": {"现在打不了推荐单，用手机扫码看岗位也一样", "No slip can be printed now: scan the posting with a phone instead"},
	"fault.clock-wrong.staff":      {"机器的时间不对。连上网等几分钟，或者重新设时间。", "The terminal's clock is wrong. Connect it to the network, or set the time."},
	"fault.clock-wrong.resident":   {"机器的时间可能不准，岗位哪天到期请问工作人员", "The clock may be wrong: ask the staff how long a posting is open"},
}
