// Package jobposting writes a posting as schema.org's JobPosting
// (https://schema.org/JobPosting), which search engines and other programs read.
package jobposting

import (
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
	"jobhome/kiosk/words"
)

// Job is a JobPosting as JSON-LD.
type Job struct {
	Context            string        `json:"@context,omitempty"`
	Type               string        `json:"@type"`
	URL                string        `json:"url,omitempty"`
	Identifier         property      `json:"identifier"`
	Title              string        `json:"title"`
	Description        string        `json:"description"`
	DatePosted         string        `json:"datePosted"`
	DateModified       string        `json:"dateModified,omitempty"`
	ValidThrough       string        `json:"validThrough"`
	JobStartDate       string        `json:"jobStartDate,omitempty"`
	EmploymentType     []string      `json:"employmentType"`
	HiringOrganization organization  `json:"hiringOrganization"`
	JobLocation        place         `json:"jobLocation"`
	BaseSalary         *money        `json:"baseSalary,omitempty"`
	EstimatedSalary    *money        `json:"estimatedSalary,omitempty"` // what piece rates come to in a month
	TotalJobOpenings   int           `json:"totalJobOpenings,omitempty"`
	Occupation         string        `json:"occupationalCategory"` // code of 职业分类大典 (2022) and name
	Education          *credential   `json:"educationRequirements,omitempty"`
	Experience         *months       `json:"experienceRequirements,omitempty"`
	Qualifications     string        `json:"qualifications,omitempty"`
	JobBenefits        string        `json:"jobBenefits,omitempty"`
	WorkHours          string        `json:"workHours,omitempty"`
	Contact            *contactPoint `json:"applicationContact,omitempty"`
	DirectApply        bool          `json:"directApply"`
	CreditText         string        `json:"creditText,omitempty"` // whose posting it is
}

type property struct {
	Type  string `json:"@type"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

type organization struct {
	Type       string    `json:"@type"`
	Name       string    `json:"name"`
	Identifier *property `json:"identifier,omitempty"`
}

type place struct {
	Type    string  `json:"@type"`
	Address address `json:"address"`
	Geo     *geo    `json:"geo,omitempty"`
}

type address struct {
	Type     string `json:"@type"`
	Country  string `json:"addressCountry"`
	Region   string `json:"addressRegion,omitempty"`
	Locality string `json:"addressLocality,omitempty"`
	Street   string `json:"streetAddress,omitempty"`
}

type geo struct {
	Type string  `json:"@type"`
	Lat  float64 `json:"latitude"`
	Lon  float64 `json:"longitude"`
}

type money struct {
	Type     string `json:"@type"`
	Currency string `json:"currency"`
	Value    value  `json:"value"`
}

type value struct {
	Type string  `json:"@type"`
	Min  float64 `json:"minValue"`
	Max  float64 `json:"maxValue"`
	Unit string  `json:"unitText"`
}

type credential struct {
	Type     string `json:"@type"`
	Category string `json:"credentialCategory"`
}

type months struct {
	Type   string `json:"@type"`
	Months int    `json:"monthsOfExperience"`
}

type contactPoint struct {
	Type  string `json:"@type"`
	Name  string `json:"name,omitempty"`
	Phone string `json:"telephone,omitempty"`
	Hours string `json:"description,omitempty"`
}

// Of is the posting as a JobPosting. base is where the hub's pages lie, without a
// slash at its end.
func Of(p *kiosk.Posting, base string) Job {
	j := Job{
		Context: "https://schema.org", Type: "JobPosting", URL: base + "/p/" + p.ID,
		Identifier: property{"PropertyValue", "就业之家", p.ID},
		Title:      p.Title, Description: description(p), DatePosted: stamp(p.Published), DateModified: stamp(p.Refreshed),
		ValidThrough: stamp(p.ValidThrough), JobStartDate: stamp(p.Starts), EmploymentType: employment(p),
		HiringOrganization: organization{Type: "Organization", Name: p.Employer.Name},
		JobLocation:        location(p), BaseSalary: salary(p.Pay), TotalJobOpenings: p.Headcount,
		Occupation: strings.TrimSpace(p.Occupation.Code + " " + p.Occupation.Name),
		Education:  education(p.Education), Qualifications: qualifications(p),
		JobBenefits: words.Benefits(words.Zh, p.Benefits), WorkHours: join("，", p.Hours, words.Shifts(words.Zh, p.Shifts)),
		CreditText: p.Source.Name,
	}
	if p.Employer.CreditCode != "" {
		j.HiringOrganization.Identifier = &property{"PropertyValue", "统一社会信用代码", p.Employer.CreditCode}
	}
	if p.Experience > 0 {
		j.Experience = &months{"OccupationalExperienceRequirements", p.Experience}
	}
	if p.Pay.Unit == kiosk.PerPiece && p.Pay.EstMax > 0 {
		j.EstimatedSalary = amount(p.Pay.EstMin, p.Pay.EstMax, "MONTH")
	}
	if c := p.Contact; c != (kiosk.Contact{}) {
		j.Contact = &contactPoint{"ContactPoint", c.Person, c.Phone, c.Rule}
	}
	return j
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func join(with string, parts ...string) string {
	var all []string
	for _, s := range parts {
		if s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, with)
}

// description is never empty, because search engines want one.
func description(p *kiosk.Posting) string {
	return join("\n", p.Description, p.Requirements, words.Pay(words.Zh, p.Pay), p.Pay.Original, p.Hours, p.Address)
}

func qualifications(p *kiosk.Posting) string {
	return join("；", p.Requirements, words.Certificates(words.Zh, p.Certificates))
}

// employment is what schema.org calls the kind of contract.
func employment(p *kiosk.Posting) []string {
	switch {
	case p.Channel == kiosk.Gig:
		return []string{"TEMPORARY", "PER_DIEM"}
	case p.Channel == kiosk.Internship:
		return []string{"INTERN"}
	case p.Shifts&kiosk.PartTime != 0:
		return []string{"PART_TIME"}
	}
	return []string{"FULL_TIME"}
}

func location(p *kiosk.Posting) place {
	l := place{Type: "Place", Address: address{Type: "PostalAddress", Country: "CN", Street: p.Address}}
	if len(p.Area) >= 2 {
		l.Address.Region = areas.Name(p.Area[:2])
		l.Address.Locality = strings.TrimPrefix(areas.Full(p.Area), l.Address.Region)
	}
	if p.Location.Known() {
		l.Geo = &geo{"GeoCoordinates", p.Location.Lat, p.Location.Lon}
	}
	return l
}

// units are those of QuantitativeValue.unitText that search engines know, and
// PIECE for what they do not.
var units = map[kiosk.PayUnit]string{
	kiosk.PerMonth: "MONTH", kiosk.PerDay: "DAY", kiosk.PerHour: "HOUR", kiosk.PerWeek: "WEEK", kiosk.PerYear: "YEAR", kiosk.PerPiece: "PIECE",
}

func salary(p kiosk.Pay) *money {
	if p.Unit == kiosk.Negotiable {
		return nil
	}
	return amount(p.Min, p.Max, units[p.Unit])
}

func amount(low, high kiosk.Fen, unit string) *money {
	if low == 0 {
		low = high
	}
	return &money{"MonetaryAmount", "CNY", value{"QuantitativeValue", float64(low) / 100, float64(high) / 100, unit}}
}

// education is what search engines know of levels of schooling.
func education(e kiosk.Education) *credential {
	category := map[kiosk.Education]string{
		kiosk.Postgraduate: "postgraduate degree", kiosk.Bachelor: "bachelor degree", kiosk.College: "associate degree",
		kiosk.Vocational: "professional certificate", kiosk.HighSchool: "high school",
	}[e]
	if category == "" {
		return nil
	}
	return &credential{"EducationalOccupationalCredential", category}
}
