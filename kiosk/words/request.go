package words

import (
	"time"

	"jobhome/kiosk"
)

// AsOf says up to when the hub's word on the board held.
func AsOf(l Lang, updated, now time.Time) string {
	if updated.IsZero() {
		return T(l, "fresh.never")
	}
	return T(l, "fresh.asof", Date(l, updated, now))
}

// Outcome says what has become of a referral; "" while nothing is known.
func Outcome(l Lang, o kiosk.Outcome) string {
	if o == kiosk.NoOutcome || !o.Valid() {
		return ""
	}
	return T(l, "outcome."+string(o))
}

// requestWords are about what residents ask for and say, and what comes back.
var requestWords = map[string]entry{
	"fresh.asof": {"数据截至 %s，可能有变化", "As of %s; may have changed"},

	"posting.other":     {"更多", "More"},
	"other.title":       {"关于这个岗位，您还可以", "About this job you can also"},
	"other.callback":    {"请他们打电话给我", "Ask them to call me"},
	"other.callback.is": {"留个电话，就业之家联系您", "Leave a number; the office calls you"},
	"other.callback.no": {"本机还没接上就业之家，请到服务台留电话", "Not yet possible here: please leave your number at the desk"},
	"other.called":      {"已经记下，等电话就行", "Noted: please wait for the call"},
	"other.similar":     {"找类似的工作", "Find similar jobs"},
	"other.report":      {"这个岗位有问题", "Something is wrong with it"},
	"other.report.is":   {"点一下就行，不用留名", "One touch, no name"},
	"other.reported":    {"已经记下，谢谢", "Noted, thank you"},

	"report.title":     {"哪里有问题？", "What is wrong?"},
	"report.thanks":    {"谢谢，工作人员会去查", "Thank you, noted"},
	"complaint.filled": {"已经招满了", "The job is taken"},
	"complaint.wrong":  {"和实际不一样", "It is not as it says"},
	"complaint.fee":    {"要收钱、押金或扣证件", "They want money or my papers"},
	"complaint.fake":   {"像是假的", "It looks fake"},
	"complaint.unfair": {"歧视人", "It discriminates"},

	"callback.title":  {"留个电话，请就业之家打给您", "Leave a number and the office calls you"},
	"callback.hint":   {"手机号 11 位；座机先打区号", "Mobile: 11 digits; landline: area code first"},
	"callback.what":   {"只给工作人员看，只为这件事，办完 30 天内删除", "For staff only, for this only, erased within 30 days after"},
	"callback.sealed": {"马上加密，这台机器也读不出来", "Sealed at once: not even this terminal can read it"},
	"callback.typed":  {"已输入 %s", "Typed: %s"},
	"callback.send":   {"同意，请打给我", "Agree: please call me"},
	"callback.delete": {"删一个", "Delete"},
	"callback.wait":   {"正在记下", "One moment"},
	"callback.done":   {"记下了，等电话就行", "Noted. Please wait for the call"},
	"callback.done.is": {
		"接上网就送到就业之家，工作人员会打给您。您可以走了。",
		"It reaches the office as soon as there is a network, and staff will call. You can go.",
	},

	"trouble.request":    {"没能记下来", "That could not be noted"},
	"trouble.request.do": {"请返回再试一次，或到服务台留电话", "Go back and try again, or leave your number at the desk"},

	"outcome.contacted": {"单位已经联系过了", "The employer has been in touch"},
	"outcome.interview": {"约了面试", "An interview was arranged"},
	"outcome.hired":     {"已录用，祝贺您", "Hired. Congratulations"},
	"outcome.filled":    {"这个岗位已经招满，再看看别的", "The job has been taken: look at others"},
	"outcome.declined":  {"这次没成，再看看别的", "Not this time: look at others"},

	"stick.reading": {"正在读 U 盘，请先不要拔", "Reading the stick: please leave it in"},
	"stick.done":    {"U 盘已同步好，可以拔了", "The stick is done and can be taken out"},
	"stick.same":    {"U 盘上没有新内容，可以拔了", "Nothing new on the stick: it can be taken out"},
	"stick.refused": {"这个 U 盘不能用，请拔下，找工作人员", "This stick cannot be used: take it out and ask staff"},
	"stick.full":    {"U 盘写不进去，请换一个", "The stick cannot be written: use another"},
}
