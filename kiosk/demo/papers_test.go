package demo

import (
	"bytes"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/jsonl"
)

// What a title or a requirement says of certificates, the field says too.
func TestCertificatesFitTheWords(t *testing.T) {
	seen := map[kiosk.Certificates]int{}
	for _, p := range Postings(now, 20000, 1) {
		for _, one := range p.Certificates.Each() {
			seen[one]++
		}
		for _, c := range []struct {
			title, wants string
			asks         kiosk.Certificates
		}{
			{"叉车", "", kiosk.ForkliftCert},
			{"行车工", "", kiosk.CraneCert},
			{"（C1）", "", kiosk.CarLicence},
			{"（B2）", "", kiosk.TruckLicence},
			{"校车", "", kiosk.BusLicence},
			{"氩弧焊", "", kiosk.WelderCert},
			{"", "要办健康证", kiosk.HealthCert},
			{"", "持叉车证", kiosk.ForkliftCert},
			{"", "持焊工证", kiosk.WelderCert},
			{"", "持B2以上驾照", kiosk.TruckLicence},
			{"", "有初级会计证", kiosk.AccountantCert},
			{"", "持保安员证", kiosk.GuardCert},
			{"", "持低压电工证", kiosk.ElectricianCert},
			{"", "持高处作业证", kiosk.HeightsCert},
			{"", "持护士执业证", kiosk.NurseCert},
			{"", "有育婴证", kiosk.CareCert},
			{"", "有幼儿教师资格证", kiosk.TeacherCert},
		} {
			if strings.Contains(p.Title, c.title) && strings.Contains(p.Requirements, c.wants) && p.Certificates&c.asks == 0 {
				t.Errorf("%s %s, %q asks for %b", p.Title, p.Channel, p.Requirements, p.Certificates)
			}
		}
		if p.Channel == kiosk.Internship && p.Certificates != 0 {
			t.Errorf("%s: a trainee is asked for %b", p.Title, p.Certificates)
		}
	}
	for _, one := range (kiosk.AllCertificates &^ kiosk.CookCert).Each() {
		if seen[one] < 10 {
			t.Errorf("%s is asked for %d times", one.Name(), seen[one])
		}
	}
}

// The certificates pass through the file that a board is imported from.
func TestCertificatesReadBack(t *testing.T) {
	var buf bytes.Buffer
	ps := Postings(now, 400, 5)
	if err := WriteJSONL(&buf, ps); err != nil {
		t.Fatal(err)
	}
	i, with := 0, 0
	for line := range bytes.Lines(buf.Bytes()) {
		p, problems := jsonl.Parse(bytes.TrimSpace(line))
		if problems != nil || p.Certificates != ps[i].Certificates {
			t.Fatalf("%s: %v, certificates %b, want %b", ps[i].ID, problems, p.Certificates, ps[i].Certificates)
		}
		if p.Certificates != 0 {
			with++
		}
		i++
	}
	if with < 40 || with == len(ps) {
		t.Errorf("%d of %d postings ask for a certificate", with, len(ps))
	}
}
