package desk

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
)

// lang is a language of the pages.
type lang string

// The languages, the first one first.
const (
	zh lang = "zh"
	en lang = "en"
)

// entry is one sentence in both languages.
type entry struct{ zh, en string }

// tables are the catalogue, a table for each part of the site.
func tables() []map[string]entry {
	return []map[string]entry{frameWords, postingWords, fieldWords, residentWords, fleetWords, sheetWords, staffWords, troubleWords}
}

func word(key string) (entry, bool) {
	for _, t := range tables() {
		if e, ok := t[key]; ok {
			return e, true
		}
	}
	return entry{}, false
}

func hasWord(key string) bool { _, ok := word(key); return ok }

// t is the sentence for key; one that is missing comes back in ⟦brackets⟧, for
// tests to find.
func (l lang) t(key string, args ...any) string {
	e, ok := word(key)
	if !ok {
		return "⟦" + key + "⟧"
	}
	s := e.zh
	if l == en {
		s = e.en
	}
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}

func (c *call) t(key string, args ...any) string { return c.lang.t(key, args...) }

// langOf is the language that was chosen on this browser, Chinese at first.
func langOf(r *http.Request) lang {
	if cookie(r, langCookie) == string(en) {
		return en
	}
	return zh
}

// funcs are what templates may call.
func (l lang) funcs() template.FuncMap {
	return template.FuncMap{
		"t":     l.t,
		"word":  func(prefix string, v any) string { return l.t(prefix + "." + fmt.Sprint(v)) },
		"when":  l.when,
		"day":   l.day,
		"area":  func(a kiosk.Area) string { return areaName(a) },
		"other": func() lang { return map[lang]lang{zh: en, en: zh}[l] },
		"pay":   l.pay,
		"join":  func(s []string) string { return strings.Join(s, l.t("list.comma")) },
		"lines": func(s string) []string { return strings.Split(s, "\n") },
	}
}

// when is a moment in words that are short: today's without the date.
func (l lang) when(t, now time.Time) string {
	if t.IsZero() {
		return l.t("time.never")
	}
	t, now = t.In(beijing), now.In(beijing)
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return l.t("time.today", t.Format("15:04"))
	}
	return t.Format("2006-01-02 15:04")
}

func (l lang) day(t time.Time) string {
	if t.IsZero() {
		return l.t("time.unsaid")
	}
	return t.In(beijing).Format(time.DateOnly)
}

func areaName(a kiosk.Area) string {
	if name := areas.Full(a); name != "" {
		return name
	}
	return string(a)
}
