package archtest

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layer is what a package may import of ours, and from outside the standard
// library, and why.
type layer struct {
	ours    []string
	outside []string
	why     string
}

const (
	conn   = "periph.io/x/conn/v3"
	host   = "periph.io/x/host/v3"
	xsys   = "golang.org/x/sys"
	toml   = "github.com/BurntSushi/toml"
	xtext  = "golang.org/x/text"
	ximage = "golang.org/x/image"
	sqlite = "github.com/mattn/go-sqlite3"
	gotk3  = "github.com/gotk3/gotk3"
	qrcode = "github.com/skip2/go-qrcode"
	pgx    = "github.com/jackc/pgx/v5"
	zstd   = "github.com/klauspost/compress/zstd"
	xlsx   = "github.com/xuri/excelize/v2"
)

// layers is the table of the architecture. A package that is not in it fails,
// so that a new one is placed on purpose.
var layers = map[string]layer{
	"kiosk":                   {nil, nil, "the words of the field are a leaf: everything may use them"},
	"kiosk/words":             {[]string{"kiosk"}, nil, "one catalogue of sentences, usable by screens and slips"},
	"kiosk/areas":             {[]string{"kiosk"}, nil, "a table of names"},
	"kiosk/session":           {[]string{"kiosk", "kiosk/words"}, nil, "the state machine is pure"},
	"kiosk/setup":             {[]string{"kiosk", "kiosk/session", "kiosk/words"}, nil, "the first boot's state machine is pure, and speaks of touches as the session does"},
	"kiosk/match":             {[]string{"kiosk", "kiosk/skills"}, nil, "ranking is pure"},
	"kiosk/skills":            {[]string{"kiosk"}, nil, "a table of what people can do"},
	"kiosk/slip":              {[]string{"kiosk", "kiosk/words", "drivers/escpos", "drivers/glyph"}, nil, "a slip is words laid out; bytes are the printer's"},
	"kiosk/internal/sqlite":   {nil, []string{sqlite}, "one place opens databases"},
	"kiosk/internal/swapfile": {[]string{"kiosk/internal/sqlite"}, nil, "how a database is replaced, whatever is in it"},
	"kiosk/internal/archtest": {nil, nil, "tests only"},
	"kiosk/jsonl":             {[]string{"kiosk", "kiosk/areas"}, nil, "the import format, without a database"},
	"kiosk/board":             {[]string{"kiosk", "kiosk/areas", "kiosk/index", "kiosk/internal/sqlite", "kiosk/internal/swapfile", "kiosk/jsonl", "kiosk/segment"}, []string{sqlite}, "the board knows no device and no screen"},
	"kiosk/csvfile":           {[]string{"kiosk", "kiosk/jsonl", "kiosk/words"}, []string{xtext}, "a spreadsheet's file as JSON Lines, without a database"},
	"kiosk/ledger":            {[]string{"kiosk", "kiosk/internal/sqlite"}, []string{sqlite}, "the ledger must not fail because of anything else"},
	"kiosk/find":              {[]string{"kiosk", "kiosk/spell"}, nil, "searching is pure: it asks a board by a small interface"},
	"kiosk/spell":             {[]string{"kiosk", "kiosk/areas", "kiosk/asking", "kiosk/lexicon"}, nil, "the lexicon of one board"},
	"kiosk/asking":            {[]string{"kiosk"}, nil, "tables of the words that people ask with"},
	"kiosk/lexicon":           {[]string{"kiosk"}, []string{"github.com/mozillazg/go-pinyin"}, "what is typed, as terms that a board has"},
	"kiosk/segment":           {[]string{"kiosk"}, nil, "postings as bytes; it knows no database"},
	"kiosk/index":             {nil, nil, "texts, sets and orders held in memory; it knows no posting"},
	"kiosk/judged":            {[]string{"kiosk"}, nil, "any engine is measured with it, so it knows none"},
	"kiosk/demo":              {[]string{"kiosk", "kiosk/areas", "kiosk/jsonl"}, nil, "the demonstration is data only"},
	"kiosk/durable":           {nil, nil, "files that a power cut leaves whole"},
	"kiosk/staff":             {[]string{"kiosk/durable"}, nil, "who may open the staff page; it knows no screen and no device"},
	"kiosk/config":            {[]string{"kiosk", "kiosk/staff", "kiosk/words", "sync/wire"}, []string{toml}, "settings are values; who uses them is wired in cmd"},
	"kiosk/profile":           {[]string{"kiosk/config", "sync/trust"}, nil, "a site's profile as a value and as text: the hub writes it, terminal and keeper read it"},
	"images/netconf":          {[]string{"kiosk/profile"}, nil, "files of the system as text; who writes them is keeper"},
	"kiosk/commission": {[]string{
		"kiosk/config", "kiosk/durable", "kiosk/profile", "sync/enrol", "sync/feed", "sync/trust",
		"drivers/scanner", "drivers/usb", "drivers/wires",
	}, []string{xsys}, "how a profile comes and what becomes of it, wired where no window is needed, so that it is tested without one"},
	"kiosk/station": {[]string{
		"kiosk", "kiosk/app", "kiosk/config", "kiosk/durable", "kiosk/session", "kiosk/slip", "kiosk/staff",
		"drivers/escpos", "drivers/glyph", "drivers/idcard", "drivers/idcard/samv", "drivers/panel", "drivers/pn532",
		"drivers/printer", "drivers/scanner", "drivers/usblp", "drivers/wires",
	}, []string{conn, host}, "the devices that the settings name, wired where no window is needed, so that they are tested without one"},
	"sync/wire":   {[]string{"kiosk", "kiosk/jsonl"}, nil, "what comes down, as values"},
	"sync/record": {[]string{"kiosk", "sync/wire"}, nil, "what goes up and is answered, as values"},
	"sync/seal":   {nil, nil, "bytes sealed and opened; it knows no record, no network and no database"},
	"kiosk/link": {[]string{
		"kiosk", "kiosk/board", "kiosk/config", "kiosk/courier", "kiosk/ledger", "kiosk/session",
		"sync/delta", "sync/enrol", "sync/feed", "sync/outbox", "sync/record", "sync/seal", "sync/trust", "sync/wire",
	}, []string{xsys}, "both ways to the hub, wired where no window is needed, so that they are tested without one"},
	"kiosk/courier":          {[]string{"kiosk", "kiosk/ledger", "sync/record"}, nil, "the one place where the words of ledger and outbox meet"},
	"sync/internal/powercut": {nil, []string{"github.com/hanwen/go-fuse/v2"}, "a disk that loses its power; it knows nothing of what is kept on it"},
	"sync/enrol":             {[]string{"kiosk/durable", "sync/trust"}, nil, "a key and its certificate; it knows no record"},
	"sync/outbox":            {[]string{"kiosk", "kiosk/durable", "sync/record", "sync/trust"}, nil, "it knows ledger, trust and state by small interfaces only, and no database"},
	"sync/outbox/outboxtest": {[]string{"kiosk", "sync/record", "sync/trust"}, []string{sqlite}, "a hub made of software that fails on purpose"},
	"sync/release":           {[]string{"sync/trust", "sync/wire"}, nil, "what a system is updated from is proven from bytes, by the same code on hub and terminal"},
	"sync/trust":             {nil, nil, "whom to believe is decided from bytes, by nothing but the standard library"},
	"sync/hub/people":        {[]string{"kiosk", "sync/hub/hubdb"}, []string{"golang.org/x/crypto"}, "staff and what they did; it knows no posting and no page"},
	"kiosk/alive":            {[]string{"kiosk/durable"}, nil, "it asks the parts by functions and knows none of them"},
	"kiosk/app":              {[]string{"kiosk", "kiosk/session", "kiosk/match"}, nil, "the loop knows devices, board and ledger by small interfaces only"},
	"drivers":                {nil, nil, "a list of devices, no code"},
	"drivers/uart":           {nil, []string{conn, "go.bug.st/serial", xsys}, "drivers never know a job or a resident"},
	"drivers/usblp":          {nil, []string{xsys}, "a USB printer port and its ioctls"},
	"drivers/jetdirect":      {nil, []string{xsys}, "a printer port on the network"},
	"drivers/usb":            {nil, []string{xsys}, "USB devices found, and spoken to without a C library"},
	"sync/delta":             {[]string{"kiosk", "kiosk/jsonl", "sync/wire"}, []string{zstd}, "versions of a board as bytes; it knows no network and no database"},
	"sync/internal/churn":    {[]string{"kiosk", "kiosk/demo", "sync/delta", "sync/wire"}, nil, "invented days of a board, for tests and for measuring"},
	"sync/feed":              {[]string{"kiosk", "kiosk/durable", "sync/delta", "sync/record", "sync/trust", "sync/wire"}, nil, "a terminal fetches and proves without a database or a window"},
	"sync/publish":           {[]string{"kiosk", "kiosk/durable", "sync/delta", "sync/trust", "sync/wire"}, nil, "the tree of files; it asks no database what a board is"},
	"sync/hub/desk":          {[]string{"sync/enrol", "kiosk", "kiosk/areas", "kiosk/csvfile", "kiosk/words", "sync/hub/fleet", "sync/hub/hubdb", "sync/hub/intake", "sync/hub/people", "sync/hub/postings", "sync/hub/sheet"}, []string{qrcode, "github.com/xuri/excelize/v2"}, "pages over the rest of the hub, which it asks by small interfaces"},
	"sync/hub/browsertest":   {nil, nil, "a browser for tests; it knows no page"},
	"sync/feed/feedtest":     {[]string{"kiosk", "kiosk/demo", "sync/delta", "sync/feed", "sync/wire"}, nil, "what every board must do for a feed"},
	"drivers/wires": {[]string{
		"drivers/idcard/samusb", "drivers/jetdirect", "drivers/uart", "drivers/usb", "drivers/usblp",
	}, nil, "one place opens what an address names, for the terminal and for probe"},
	"drivers/scanner":             {nil, []string{xtext}, "one 2D scanner"},
	"drivers/scanner/scannertest": {[]string{"drivers/sim"}, nil, "a scanner made of software"},
	"drivers/pn532":               {nil, []string{conn}, "one NFC reader"},
	"drivers/pn532/pn532test":     {[]string{"drivers/sim"}, []string{conn}, "a PN532 made of software"},
	"drivers/panel":               {nil, []string{conn, host}, "pins by their names, and nobody else talks to the host"},
	"drivers/uart/uarttest":       {nil, nil, "a scripted wire"},
	"drivers/glyph":               {nil, []string{ximage, xtext}, "characters as dots"},
	"drivers/escpos":              {[]string{"drivers/glyph"}, []string{xtext, qrcode, toml}, "it knows printers, not jobs"},
	"drivers/escpos/receiptline":  {[]string{"drivers/escpos"}, nil, "a peer's language, for measuring"},
	"drivers/printer":             {[]string{"drivers/escpos"}, []string{conn}, "one printer"},
	"drivers/idcard":              {[]string{"drivers/idcard/samv"}, []string{conn}, "one reader"},
	"drivers/idcard/samv":         {nil, nil, "the frames of a reader"},
	"drivers/idcard/samusb":       {[]string{"drivers/idcard/samv"}, nil, "the same frames in the envelopes of USB readers"},
	"drivers/sim":                 {[]string{"drivers/escpos", "drivers/glyph", "drivers/idcard", "drivers/idcard/samv"}, []string{conn, xtext, qrcode, xsys}, "simulators speak the device's own bytes"},
	"sync/hub/fold":               {[]string{"kiosk"}, []string{xtext}, "which postings are one offer: pure, and without a database"},
	"sync/hub/intake":             {[]string{"kiosk", "kiosk/csvfile", "kiosk/jsonl", "kiosk/words", "sync/hub/normal"}, []string{xtext, xlsx}, "files to postings, without a database: whoever stores them has looked at them first"},
	"sync/hub/lint":               {[]string{"kiosk", "kiosk/words"}, []string{xtext}, "the law over a posting's words: pure, so that a form and a queue use the same"},
	"sync/hub/normal":             {[]string{"kiosk", "kiosk/areas", "kiosk/asking", "kiosk/csvfile", "kiosk/lexicon", "kiosk/words"}, []string{xtext}, "texts to values, without a database or a file"},
	"ui/icons":                    {nil, nil, "pictures"},
	"ui/screen":                   {[]string{"kiosk", "kiosk/session", "kiosk/setup", "kiosk/words"}, nil, "a screen is a value and knows no toolkit, database or device"},
	"ui/text":                     {[]string{"ui/screen"}, nil, "the same value as plain text"},
	"ui/window":                   {[]string{"kiosk/session", "ui/screen", "ui/icons"}, []string{gotk3, qrcode}, "the only importer of gotk3, so that the rest builds without it"},
	"ui/uitest":                   {nil, []string{"github.com/godbus/dbus/v5", "github.com/jezek/xgb"}, "it looks at a window from outside, as a person does"},

	// The hub's database, its postings and what the public reads of them.
	"sync/hub/ca":              {nil, nil, "certificates, without a database: what was revoked is asked there"},
	"sync/hub/fleet":           {[]string{"kiosk", "sync/wire", "sync/record", "sync/trust", "sync/seal", "sync/hub/ca", "sync/hub/hubdb"}, nil, "terminals and what they tell, on a database; it knows no HTTP"},
	"sync/hub/sheet":           {[]string{"kiosk", "kiosk/config", "kiosk/profile", "kiosk/staff", "sync/hub/fleet"}, nil, "a terminal's profile made of what the hub knows; it knows no page and no paper"},
	"sync/hub/gate":            {[]string{"sync/wire", "sync/trust", "sync/hub/ca", "sync/hub/fleet"}, nil, "routes, limits and problems; what is decided is decided in fleet"},
	"sync/hub/hubdb":           {nil, []string{sqlite, pgx}, "the only place that knows which database it is"},
	"sync/hub/hubdb/hubdbtest": {[]string{"sync/hub/hubdb"}, []string{pgx}, "both databases for tests"},
	"sync/hub/postings":        {[]string{"kiosk", "kiosk/jsonl", "sync/hub/hubdb", "sync/wire"}, nil, "what becomes of a posting; it knows no page and no feed"},
	"sync/hub/jobposting":      {[]string{"kiosk", "kiosk/areas", "kiosk/words"}, nil, "a posting as schema.org's JobPosting"},
	"sync/hub/pages":           {[]string{"kiosk", "kiosk/areas", "kiosk/words", "sync/hub/jobposting", "sync/hub/postings"}, nil, "what the public reads; it knows no slip and no inbox but by small interfaces"},
	"sync/hub/readapi":         {[]string{"kiosk", "sync/hub/jobposting", "sync/hub/postings"}, nil, "what other programs read"},

	// The image: its disk, its root, and how it starts.
	"images/debs":      {nil, []string{zstd}, "packages fetched and unpacked; what is in them is nobody's business here"},
	"images/disk":      {[]string{"images/gpt"}, nil, "file systems and a disk as files"},
	"images/overlay":   {nil, nil, "files"},
	"images/qemu":      {nil, nil, "an emulated machine; it knows no terminal"},
	"images/recipe":    {nil, nil, "what an image is made of, as data"},
	"images/rootfs":    {[]string{"images/debs", "images/recipe"}, nil, "a tree out of packages"},
	"images/boottest":  {[]string{"images/gpt", "images/initrd", "images/verity"}, nil, "a machine for tests, out of the same parts as the image"},
	"images/datafs":    {[]string{"images/gpt"}, []string{xsys}, "one partition; what it holds is nobody's business here"},
	"images/bootstate": {[]string{"images/disk"}, nil, "the boot state as GRUB and the running system know it"},
	"images/gpt":       {nil, nil, "a disk's table as bytes: a file for the recipe, a device on the terminal"},
	"images/initrd":    {nil, []string{zstd}, "an archive from a kernel's tree; what it starts is bytes to it"},
	"images/verity":    {nil, []string{xsys}, "a tree of hashes, and the kernel's device over it"},
	"images/calm":      {[]string{"kiosk/words"}, []string{ximage}, "a page as a picture; where it is shown is nobody's business here"},
	"images/fb":        {nil, []string{xsys}, "a screen's memory; what is drawn on it is a picture to it"},
	"images/watch":     {nil, nil, "decisions about the machine; who acts on them is keeper"},
}

func TestLayers(t *testing.T) {
	for _, p := range packages(t) {
		if strings.Contains(p.dir+"/", "/cmd/") {
			continue // wiring may import anything
		}
		l, ok := layers[p.dir]
		if !ok {
			t.Errorf("package %s is not in the table of layers; place it there with its reason", p.dir)
			continue
		}
		for _, f := range p.files {
			if f.test {
				continue // a test may build its world from anything
			}
			for _, imp := range f.imports {
				checkImport(t, p.dir, f.path, imp, l)
			}
		}
	}
}

func checkImport(t *testing.T, dir, file, imp string, l layer) {
	t.Helper()
	if ours, ok := strings.CutPrefix(imp, "jobhome/"); ok {
		if !slices.Contains(l.ours, ours) {
			t.Errorf("%s imports %s, which %s may not: %s", file, imp, dir, l.why)
		}
		return
	}
	if !strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
		return // the standard library
	}
	for _, out := range l.outside {
		if imp == out || strings.HasPrefix(imp, out+"/") {
			return
		}
	}
	t.Errorf("%s imports %s, which %s may not: %s", file, imp, dir, l.why)
}

// Nothing imports a command, or its wiring would be somebody's dependency.
func TestNobodyImportsACommand(t *testing.T) {
	for _, p := range packages(t) {
		for _, f := range p.files {
			for _, imp := range f.imports {
				if strings.HasPrefix(imp, "jobhome/") && strings.Contains(imp, "/cmd/") {
					t.Errorf("%s imports the command %s", f.path, imp)
				}
			}
		}
	}
}

// gotk3 takes minutes to compile, so tests outside ui/window and the command
// that wires it must not pull it in either.
func TestOnlyTheWindowImportsGTK(t *testing.T) {
	for _, p := range packages(t) {
		for _, f := range p.files {
			for _, imp := range f.imports {
				gtk := strings.HasPrefix(imp, gotk3) && p.dir != "ui/window"
				win := imp == "jobhome/ui/window" && p.dir != "kiosk/cmd/kiosk" && p.dir != "ui/window"
				if gtk || win {
					t.Errorf("%s imports %s: only ui/window draws, and only kiosk/cmd/kiosk opens a window", f.path, path.Base(imp))
				}
			}
		}
	}
}

// modules are the modules below ours, each with its reason. Their packages are
// held to the same table and budgets as all others.
var modules = map[string]string{
	"kiosk/cmd/benchboard":   "bleve is a peer to measure against and must not become a dependency of the terminal",
	"sync/internal/powercut": "go-fuse is for cutting the power in tests and must not become a dependency of the terminal",
	"sync/cmd/benchsync":     "ltx is a peer to measure against and must not become a dependency of hub or terminal",
}

func TestModules(t *testing.T) {
	found := 0
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "go.mod" {
			return err
		}
		dir, _ := filepath.Rel(root, filepath.Dir(p))
		if dir == "." {
			mod, err := os.ReadFile(p)
			for below, name := range map[string]string{"kiosk/cmd/benchboard": "bleve", "sync/internal/powercut": "go-fuse"} {
				if strings.Contains(string(mod), name) {
					t.Errorf("go.mod names %s: %s", name, modules[below])
				}
			}
			return err
		}
		if found++; modules[dir] == "" {
			t.Errorf("%s is a module of its own without a reason", dir)
		}
		return nil
	})
	if err != nil || found != len(modules) {
		t.Errorf("found %d modules below ours, not %d: %v", found, len(modules), err)
	}
}

// The top level holds the few things that a visitor sees first.
func TestTopLevel(t *testing.T) {
	allowed := []string{"kiosk", "drivers", "ui", "sync", "images", "Makefile", "go.mod", "go.sum", "README.md", "LICENSE", "bin", "out"}
	for _, name := range topLevel(t) {
		if !strings.HasPrefix(name, ".") && !slices.Contains(allowed, name) {
			t.Errorf("%s lies at the top level; only %s may", name, strings.Join(allowed, ", "))
		}
	}
}
