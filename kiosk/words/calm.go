package words

// calmWords are on the page that stays when the terminal cannot be kept running.
var calmWords = map[string]entry{
	"calm.title": {"暂停服务，请找工作人员", "Out of service. Please ask the staff."},
	"calm.phone": {"工作人员电话 %s", "Staff phone %s"},
	"calm.again": {"机器会在 %d 分钟后自己再试一次", "This machine will try again by itself in %d minutes"},
	"calm.kept":  {"已经打印的推荐单照样有效", "Slips already printed remain valid"},
}
