package gate

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"jobhome/sync/hub/fleet"
)

// metrics writes what is known of every terminal in Prometheus' text form 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/).
func (g *Gate) metrics(w http.ResponseWriter, r *http.Request) {
	list, err := g.o.Fleet.Terminals(r.Context(), "")
	if err != nil {
		g.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	out := bufio.NewWriter(w)
	g.writeMetrics(out, list)
	_ = out.Flush() // what fails here is the connection
}

// gauge is one family of series: a number of each terminal that has one.
type gauge struct {
	name, help string
	value      func(t *fleet.Terminal) (float64, bool)
}

func always(f func(t *fleet.Terminal) float64) func(*fleet.Terminal) (float64, bool) {
	return func(t *fleet.Terminal) (float64, bool) { return f(t), true }
}

// told is for what stands in a status: a terminal that sent none has none.
func told(f func(t *fleet.Terminal) float64) func(*fleet.Terminal) (float64, bool) {
	return func(t *fleet.Terminal) (float64, bool) { return f(t), !t.Status.At.IsZero() }
}

func (g *Gate) gauges() []gauge {
	now := g.o.Now()
	return []gauge{
		{"jobhome_terminal_seen_age_seconds", "Time since the hub heard of the terminal.", func(t *fleet.Terminal) (float64, bool) {
			return now.Sub(t.Seen).Seconds(), !t.Seen.IsZero()
		}},
		{"jobhome_terminal_stale", "1 if it was not heard for longer than it should be.", always(func(t *fleet.Terminal) float64 { return number(t.Stale) })},
		{"jobhome_terminal_revoked", "1 if it was revoked.", always(func(t *fleet.Terminal) float64 { return number(!t.Revoked.IsZero()) })},
		{"jobhome_terminal_certificate_expires_seconds", "Time until its certificate expires.", always(func(t *fleet.Terminal) float64 { return t.Expires.Sub(now).Seconds() })},
		{"jobhome_terminal_rejected_records", "Records of it that the hub has rejected.", always(func(t *fleet.Terminal) float64 { return float64(t.Rejected) })},
		{"jobhome_terminal_clock_skew_seconds", "Its clock less the hub's.", told(func(t *fleet.Terminal) float64 { return t.Skew.Seconds() })},
		{"jobhome_terminal_backlog_records", "Records that wait at the terminal.", told(func(t *fleet.Terminal) float64 { return float64(t.Status.Backlog) })},
		{"jobhome_terminal_quarantine_records", "Records that the terminal has put aside.", told(func(t *fleet.Terminal) float64 { return float64(t.Status.Poison) })},
		{"jobhome_terminal_board_lag_versions", "Versions that its board is behind; none if that is not known.", func(t *fleet.Terminal) (float64, bool) {
			return float64(t.Lag), t.Lag >= 0 && !t.Status.At.IsZero()
		}},
		{"jobhome_terminal_boots", "Different starts that it has told of.", told(func(t *fleet.Terminal) float64 { return float64(t.Boots) })},
		{"jobhome_terminal_boot_time_seconds", "When it was started last, Unix time.", told(func(t *fleet.Terminal) float64 { return float64(t.Status.Boot) })},
	}
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (g *Gate) writeMetrics(w io.Writer, list []fleet.Terminal) {
	labels := make([]string, len(list))
	for i, t := range list {
		labels[i] = `terminal="` + escape(t.ID) + `",site="` + escape(t.Site.ID) + `"`
	}
	for _, m := range g.gauges() {
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s gauge\n", m.name, m.help, m.name)
		for i := range list {
			if v, ok := m.value(&list[i]); ok {
				fmt.Fprintf(w, "%s{%s} %s\n", m.name, labels[i], strconv.FormatFloat(v, 'g', -1, 64))
			}
		}
	}
	info := "jobhome_terminal_info"
	fmt.Fprintf(w, "# HELP %s Versions of its program and system.\n# TYPE %s gauge\n", info, info)
	for i, t := range list {
		fmt.Fprintf(w, "%s{%s,program=\"%s\",image=\"%s\"} 1\n", info, labels[i], escape(t.Status.Program), escape(t.Status.Image))
	}
	device := "jobhome_terminal_device_ok"
	fmt.Fprintf(w, "# HELP %s 1 if the device says that it is well; its word is a label.\n# TYPE %s gauge\n", device, device)
	for i, t := range list {
		names := make([]string, 0, len(t.Status.Devices))
		for name := range t.Status.Devices {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			state := t.Status.Devices[name]
			fmt.Fprintf(w, "%s{%s,device=\"%s\",state=\"%s\"} %g\n", device, labels[i], escape(name), escape(state), number(state == "ok"))
		}
	}
}

// escape writes a label's value.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s)
}
