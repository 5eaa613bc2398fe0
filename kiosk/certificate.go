package kiosk

// Certificates is a set of the papers that the law or an employer asks for
// before somebody may do a kind of work: 特种作业操作证 (应急管理部令第80号),
// 特种设备作业人员证 (市场监管总局), driving licences, 健康证, and the
// professional ones that postings name most.
type Certificates uint16

// The certificates.
const (
	ForkliftCert    Certificates = 1 << iota // 叉车证 (特种设备作业人员证 N1)
	CraneCert                                // 行车证, 起重机操作证 (Q1, Q2)
	ElectricianCert                          // 电工证 (特种作业操作证)
	WelderCert                               // 焊工证 (特种作业操作证)
	HeightsCert                              // 登高证 (特种作业操作证, 高处作业)
	CarLicence                               // C1, C2 or more
	TruckLicence                             // B2 or more
	BusLicence                               // A1, A3
	HealthCert                               // 健康证
	GuardCert                                // 保安员证
	CareCert                                 // 养老护理员, 育婴员, 家政 certificates
	NurseCert                                // 护士执业证书
	TeacherCert                              // 教师资格证
	AccountantCert                           // 会计专业技术资格
	CookCert                                 // 厨师证 (职业技能等级)
	certificateEnd  = 1 << iota
)

// AllCertificates is the set of every certificate.
const AllCertificates Certificates = certificateEnd - 1

// SoonCertificates are those that anybody gets within days, by a check-up, so
// that lacking one keeps nobody from a place: 《公共场所卫生管理条例》,
// 《食品安全法》第四十五条.
const SoonCertificates = HealthCert

var certificateNames = []string{
	"forklift", "crane", "electrician", "welder", "heights", "car-licence", "truck-licence", "bus-licence",
	"health", "guard", "care", "nurse", "teacher", "accountant", "cook",
}

// Each returns the set's members one by one, lowest first.
func (c Certificates) Each() []Certificates { return each(c, certificateEnd) }

// Name is the name of a single certificate in files: "forklift", "crane", ...
func (c Certificates) Name() string { return name(c, certificateNames) }

// ParseCertificates reads names as written by [Certificates.Name].
func ParseCertificates(names []string) (Certificates, error) {
	return parse[Certificates]("certificate", names, certificateNames)
}
