package intake

import (
	"strings"

	"jobhome/kiosk"
)

// linkedTexts are the properties whose words are a field's.
var linkedTexts = []struct {
	field string
	path  []string
}{
	{"title", []string{"title"}},
	{"title", []string{"name"}},
	{"employer.name", []string{"hiringOrganization"}},
	{"employer.credit_code", []string{"hiringOrganization", "taxID"}},
	{"employer.credit_code", []string{"hiringOrganization", "identifier"}},
	{"occupation.name", []string{"relevantOccupation"}},
	{"headcount", []string{"totalJobOpenings"}},
	{"published", []string{"datePosted"}},
	{"valid_through", []string{"validThrough"}},
	{"starts", []string{"jobStartDate"}},
	{"refreshed", []string{"dateModified"}},
	{"hours", []string{"workHours"}},
	{"contact.phone", []string{"applicationContact", "telephone"}},
	{"contact.person", []string{"applicationContact"}},
	{"id", []string{"identifier", "value"}},
	{"id", []string{"identifier"}},
	{"id", []string{"url"}},
	{"id", []string{"@id"}},
	{"location.lat", []string{"jobLocation", "geo", "latitude"}},
	{"location.lon", []string{"jobLocation", "geo", "longitude"}},
}

func (in *intake) linkedPosting(v map[string]any, n int) {
	r := newRecord(in, "", n)
	for _, t := range linkedTexts {
		if s := word(at(v, t.path...)); s != "" && r.text(t.field) == "" {
			r.set(t.field, cell{heading: strings.Join(t.path, "."), text: plainText(s)})
		}
	}
	// An identifier of another kind is no credit code.
	if code := r.text("employer.credit_code"); code != "" && kiosk.CheckCreditCode(strings.ToUpper(code)) != nil {
		delete(r.cells, "employer.credit_code")
		r.note("employer.credit_code", code, CheckFailed)
	}
	for _, key := range []string{"responsibilities", "description"} {
		if s := plainText(wordsOf(v[key], "\n")); s != "" {
			r.set("description", cell{heading: key, text: s})
			break
		}
	}
	for _, key := range []string{"qualifications", "skills"} {
		if s := plainText(wordsOf(v[key], "、")); s != "" {
			r.set("requirements", cell{heading: key, text: s})
		}
	}
	r.fill("benefits", "jobBenefits", wordsOf(v["jobBenefits"], "、"))
	r.linkedWork(v)
	r.linkedPlace(v)
	r.linkedPay(at(v, "baseSalary"))
	r.finish()
}

// fill puts a text into a field that is still empty.
func (r *record) fill(field, heading, text string) {
	if text != "" && r.text(field) == "" {
		r.set(field, cell{heading: heading, text: text})
	}
}

// employment is what schema.org's employmentType means here.
var employment = map[string]string{
	"FULL_TIME": "全职", "PART_TIME": "兼职", "CONTRACTOR": "企业招聘", "TEMPORARY": "临时工", "INTERN": "实习",
	"PER_DIEM": "零工", "VOLUNTEER": "", "OTHER": "",
}

func (r *record) linkedWork(v map[string]any) {
	for _, t := range list(v["employmentType"]) {
		s := word(t)
		if zh, known := employment[strings.ToUpper(strings.ReplaceAll(s, "-", "_"))]; known {
			s = zh
		}
		r.fill("channel", "employmentType", s)
	}
	category := at(v, "occupationalCategory")
	code := word(at(category, "codeValue"))
	if code == "" {
		code, _, _ = strings.Cut(word(category), " ")
	}
	if (kiosk.Occupation{Code: code}).Check() == nil {
		r.fill("occupation.code", "occupationalCategory", code)
		r.fill("occupation.name", "occupationalCategory", word(at(category, "name")))
	} else {
		r.fill("occupation.name", "occupationalCategory", word(category))
	}
	months := word(at(v, "experienceRequirements", "monthsOfExperience"))
	if months != "" {
		r.fill("experience_months", "experienceRequirements", months)
	} else {
		r.fill(fieldSpan, "experienceRequirements", linkedNone(word(at(v, "experienceRequirements"))))
	}
	r.fill("education", "educationRequirements", credential(linkedNone(wordsOf(v["educationRequirements"], "、"))))
}

// linkedNone is empty for schema.org's "no requirements".
func linkedNone(s string) string {
	if strings.EqualFold(strings.TrimSpace(s), "no requirements") {
		return ""
	}
	return s
}

// credential puts the categories of EducationalOccupationalCredential into
// words.
func credential(s string) string {
	return strings.NewReplacer(
		"high school", "高中", "professional certificate", "中专", "associate degree", "大专",
		"bachelor degree", "本科", "postgraduate degree", "研究生",
	).Replace(s)
}

// linkedPlace reads the first place of work; further ones are kept in words.
func (r *record) linkedPlace(v map[string]any) {
	for i, place := range list(v["jobLocation"]) {
		address := at(place, "address")
		if address == nil {
			address = place
		}
		var area []string
		for _, key := range []string{"addressRegion", "addressLocality"} {
			if s := word(at(address, key)); s != "" && s != "CN" && !strings.EqualFold(s, "china") {
				area = append(area, s)
			}
		}
		street := word(at(address, "streetAddress"))
		if s, ok := address.(string); ok {
			street = strings.TrimSpace(s)
		} else if street == "" {
			street = word(at(place, "name"))
		}
		if i > 0 {
			r.set("description", cell{heading: "jobLocation", text: "另一工作地点：" + strings.Join(area, "") + street})
			continue
		}
		r.fill("area", "addressLocality", strings.Join(area, ""))
		r.fill("address", "streetAddress", street)
	}
	if word(v["jobLocationType"]) == "TELECOMMUTE" {
		r.fill("address", "jobLocationType", "远程办公")
		r.note("address", "TELECOMMUTE", Remote)
	}
}

// salaryUnits are schema.org's unitText.
var salaryUnits = map[string]string{
	"HOUR": "元/小时", "DAY": "元/天", "WEEK": "元/周", "MONTH": "元/月", "YEAR": "元/年",
}

func (r *record) linkedPay(v any) {
	value := at(v, "value")
	if value == nil {
		value = v
	}
	r.fill("pay.min", "minValue", word(at(value, "minValue")))
	r.fill("pay.max", "maxValue", word(at(value, "maxValue")))
	if r.text("pay.min")+r.text("pay.max") == "" {
		if m, ok := value.(map[string]any); ok {
			r.fill("pay.original", "baseSalary", word(m["value"]))
		} else {
			r.fill("pay.original", "baseSalary", word(value))
		}
	}
	unit := word(at(value, "unitText"))
	if unit == "" {
		unit = word(at(v, "unitText"))
	}
	if zh := salaryUnits[strings.ToUpper(unit)]; zh != "" {
		unit = zh
	}
	r.fill("pay.unit", "unitText", unit)
	if c := strings.ToUpper(word(at(v, "currency"))); c != "" && c != "CNY" && c != "RMB" {
		r.problem("pay", c, CheckFailed, "the currency is not CNY")
	}
}
