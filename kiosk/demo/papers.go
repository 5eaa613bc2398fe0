package demo

import (
	"strings"

	"jobhome/kiosk"
)

// papers are the certificates that the law asks for in an occupation, whatever
// the posting says. A rule draws nothing, so that no other field of a board
// depends on it.
var papers = map[string]kiosk.Certificates{
	"6-18-02-04": kiosk.WelderCert,
	"6-31-01-03": kiosk.ElectricianCert,
	"4-12-03-01": kiosk.HeightsCert,
	"4-07-05-01": kiosk.GuardCert,
	"2-05-08-01": kiosk.NurseCert,
	"2-08-02-04": kiosk.TeacherCert,
	"2-08-03-00": kiosk.TeacherCert,
	"4-02-02-01": kiosk.BusLicence,
	"4-02-02-02": kiosk.TruckLicence,
	"4-03-02-01": kiosk.HealthCert,
	"4-03-02-02": kiosk.HealthCert,
	"4-03-02-05": kiosk.HealthCert,
	"4-03-02-10": kiosk.HealthCert,
	"6-01-04-03": kiosk.HealthCert,
	"6-01-05-01": kiosk.HealthCert,
	"6-02-01-01": kiosk.HealthCert,
	"6-02-03-02": kiosk.HealthCert,
	"4-10-01-03": kiosk.HealthCert,
	"4-10-01-01": kiosk.HealthCert | kiosk.CareCert,
}

// paperWords say in a title which of an occupation's certificates it is.
var paperWords = []struct {
	code, title string
	asks        kiosk.Certificates
}{
	{"6-30-05-01", "叉车", kiosk.ForkliftCert},
	{"6-30-05-01", "堆高车", kiosk.ForkliftCert},
	{"6-30-05-01", "行车", kiosk.CraneCert},
	{"4-02-02-02", "C1", kiosk.CarLicence},
	{"4-02-02-02", "面包车", kiosk.CarLicence},
	{"4-02-02-02", "临时司机", kiosk.CarLicence},
	{"4-02-02-02", "代班司机", kiosk.CarLicence},
	{"6-29-04-01", "水电", kiosk.ElectricianCert},
	{"4-07-05-01", "公益性岗位", 0}, // a patrol of the village, not of a security company
	{"4-99-00", "洗碗", kiosk.HealthCert},
	{"4-99-00", "后厨", kiosk.HealthCert},
	{"4-99-00", "择菜", kiosk.HealthCert},
	{"4-99-00", "帮厨", kiosk.HealthCert},
}

// asked are certificates as a posting's requirements name them.
var asked = []struct {
	words string
	asks  kiosk.Certificates
}{
	{"健康证", kiosk.HealthCert},
	{"叉车证", kiosk.ForkliftCert},
	{"C1驾照", kiosk.CarLicence},
	{"B2以上驾照", kiosk.TruckLicence},
	{"会计证", kiosk.AccountantCert},
}

// certificates are what somebody must have before the posting's work begins.
// Trainees learn under somebody who has them, and have none yet.
func certificates(p *kiosk.Posting) kiosk.Certificates {
	if p.Channel == kiosk.Internship {
		return 0
	}
	asks := papers[p.Occupation.Code]
	for _, w := range paperWords {
		if w.code == p.Occupation.Code && strings.Contains(p.Title, w.title) {
			asks = w.asks
			break
		}
	}
	for part := range strings.SplitSeq(p.Requirements, "，") {
		for _, a := range asked {
			if strings.Contains(part, a.words) && !strings.Contains(part, "优先") { // 优先: liked, not needed
				asks |= a.asks
			}
		}
	}
	return asks
}
