# The terminal of the 就业之家. On a fresh Debian 12 or Raspberry Pi OS with Go:
#   make run    sets up what is missing and runs the terminal's demonstration
#   make test   sets up what is missing and runs all checks and tests
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build

GO          ?= go
GOFUMPT     := mvdan.cc/gofumpt@v0.12.0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
CHECKS      := SA*,U1000,ST1000

# What the parts need from Debian. fonts-noto-cjk is both the screen's font and
# that of rare characters on the slip.
BUILD_APT := gcc libc6-dev pkg-config libgtk-3-dev ca-certificates
RUN_APT   := $(BUILD_APT) librsvg2-common fonts-noto-cjk xvfb xauth dbus at-spi2-core zbar-tools
TEST_APT  := $(RUN_APT) zbar-tools zenity postgresql
ARM64_APT := gcc libc6-dev ca-certificates gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static

# What an image is made with; the last two only where its machine is another kind.
IMAGE_APT := $(BUILD_APT) grub-common erofs-utils mtools dosfstools e2fsprogs kmod xz-utils debian-archive-keyring gcc-aarch64-linux-gnu qemu-user-static

# The board against its peers is a module of its own, so that no peer is a
# dependency of the terminal. FTS5 is one of them.
BENCHBOARD := kiosk/cmd/benchboard
FTS5       := -tags sqlite_fts5

# So is the rig that cuts the power, with its go-fuse. JOBHOME_CUTS=1000 cuts as
# often; it needs root, and says so where it is not.
POWERCUT   := sync/internal/powercut
BENCHSYNC  := sync/cmd/benchsync

export CGO_ENABLED := 1
export GOFLAGS := -buildvcs=false

# What the hub is told of a terminal's program, and the time that it is at least:
# those of the commit. Where there is no git, the program says dev.
STAMP = -ldflags "-X main.version=$$(git describe --always --dirty 2>/dev/null) -X main.built=$$(git log -1 --format=%cI 2>/dev/null)"

# apt installs the packages of $(1) that are missing and remembers that they
# are there, so that a second run does no set-up.
define apt
	@mkdir -p .setup; stamp=.setup/$$(echo "$(1)" | sha256sum | cut -c1-16); \
	if [ ! -e $$stamp ]; then \
		missing=; for p in $(1); do \
			dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q "install ok installed" || missing="$$missing $$p"; \
		done; \
		if [ -n "$$missing" ]; then \
			echo "== installing Debian packages:$$missing"; \
			sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
			$$sudo apt-get update -qq; \
			DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
		fi; \
		touch $$stamp; \
	fi
endef

.PHONY: run hub image trial browser test check build golden race fuzz bench bench-board bench-arm64 kills screens clean setup-build setup-run setup-test modules

modules:
	@if [ ! -e .setup/modules ] || [ go.sum -nt .setup/modules ]; then \
		echo "== fetching Go modules"; $(GO) mod download && mkdir -p .setup && touch .setup/modules; fi

setup-build: ; $(call apt,$(BUILD_APT))
setup-run:   ; $(call apt,$(RUN_APT))
setup-test:  ; $(call apt,$(TEST_APT))

build: setup-build modules
	@[ -e bin/kiosk ] || echo "== building (the first time, GTK's bindings take some minutes)"
	@$(GO) build $(STAMP) -o bin/ ./kiosk/cmd/... ./drivers/cmd/... ./sync/cmd/...

# A hub with made-up postings, and the terminal with its bench of simulated
# devices, in step with it; where there is no display, one scripted walk-in that
# leaves pictures in out/ and opens the page of its slip.
TERMINAL := bin/kiosk -settings out/hub/terminal.toml
run: setup-run build
	@bin/hub demo -dir out/hub $(SHELL) -euc '\
		if [ -e out/hub/code ]; then $(TERMINAL) commission $$(cat out/hub/code); fi; \
		$(TERMINAL) sync 2>/dev/null; \
		if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
			echo "== the terminal and its bench; close a window to end"; \
			exec $(TERMINAL) run -bench -out out -width 1280 -height 800; \
		else \
			echo "== no display: one scripted walk-in under Xvfb, pictures in out/"; \
			exec bin/walkin -kiosk bin/kiosk -settings out/hub/terminal.toml -out out; \
		fi'

# The terminal's image: TARGET=rpi-arm64, uefi-arm64 or uefi-amd64, to
# out/image/TARGET/disk.img. See images/README.md for what is not there yet.
TARGET ?= uefi-amd64
image: modules ; $(call apt,$(IMAGE_APT))
	@$(GO) build -o bin/ ./images/cmd/mkimage && bin/mkimage -target $(TARGET)

# A whole image under QEMU: a walk-in and CUTS power cuts, as root.
CUTS ?= 3
trial: build ; $(call apt,$(RUN_APT) qemu-system-x86 ovmf)
	@$(GO) build -o bin/ ./images/cmd/mkimage && bin/mkimage -target uefi-amd64 -kernel-args console=ttyS0
	@JOBHOME_DISK=out/image/uefi-amd64/disk.img JOBHOME_CUTS=$(CUTS) $(GO) test ./images/cmd/mkimage -run Trial -v -timeout 10h

# The hub alone, with made-up postings, until it is interrupted.
hub: setup-build build
	@bin/hub demo -dir out/hub

# The staff's and the residents' pages, driven in headless Chromium.
browser: setup-test modules ; $(call apt,chromium)
	@JOBHOME_BROWSER=1 $(GO) test -timeout 15m ./sync/hub/desk ./sync/hub/pages ./sync/cmd/hub

# Everything that must hold, from formatting to the walk-in from outside.
test: setup-test build check
	@echo "== tests"
	@$(GO) test -timeout 20m ./...
	@cd $(BENCHBOARD) && $(GO) test ./...
	@cd $(POWERCUT) && $(GO) test ./...
	@cd $(BENCHSYNC) && $(GO) test ./...

check: setup-build modules
	@echo "== gofumpt, go vet, staticcheck"
	@out=$$($(GO) run $(GOFUMPT) -l .); if [ -n "$$out" ]; then echo "gofumpt would change:"; echo "$$out"; exit 1; fi
	@$(GO) vet ./...
	@$(GO) run $(STATICCHECK) -checks '$(CHECKS)' ./...
	@for m in $(BENCHBOARD) $(POWERCUT) $(BENCHSYNC); do (cd $$m && $(GO) vet ./... && $(GO) run $(STATICCHECK) -checks '$(CHECKS)' ./...); done

# Writes the expected slips anew after a wanted change; look at the difference.
golden: setup-test modules
	$(GO) test ./drivers/escpos ./kiosk/slip ./ui/text -run 'Golden' -update

race: setup-test build
	$(GO) test -race -timeout 40m $$($(GO) list ./... | grep -v -e ui/window -e cmd/kiosk)

FUZZTIME ?= 30s
fuzz: setup-test modules
	@$(GO) list -f '{{.ImportPath}} {{.Dir}}' ./... | grep -v -e ui/window | while read -r pkg dir; do \
		for f in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]+' $$dir/*_test.go 2>/dev/null | cut -c6-); do \
			echo "== $$pkg $$f"; $(GO) test $$pkg -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x; \
		done; done

# Figures against their peers in the same run; see the packages' READMEs. The
# peers are Debian's chromium and npm's receiptline; one that is missing is
# left out with a word.
bench: setup-test build bench-board
	@bin/benchkiosk -kiosk bin/kiosk
	@bin/benchdrivers
	@$(GO) test -run '^$$' -bench . ./kiosk/board ./kiosk/ledger ./kiosk/slip ./drivers/escpos
	@$(GO) test -run '^$$' -bench 'Rank/(table|columns|full)' ./kiosk/match
	@$(GO) test -run '^$$' -bench Lookup ./kiosk/lexicon

# The board against FTS5, bleve, LIKE, an R*Tree, SQL candidates and the bound
# of the memory. ROWS=100000 or ROWS=100000,1000000 make larger boards.
ROWS ?= 10000
bench-board: setup-build modules
	@cd $(BENCHBOARD) && $(GO) build $(FTS5) -o $(CURDIR)/bin/benchboard . && $(GO) test $(FTS5) ./...
	@bin/benchboard -rows $(ROWS)

# The same as arm64, emulated: only ratios say anything.
bench-arm64: modules ; $(call apt,$(ARM64_APT))
	@cd $(BENCHBOARD) && CC=aarch64-linux-gnu-gcc GOARCH=arm64 $(GO) build $(FTS5),netgo,osusergo \
		-ldflags '-linkmode external -extldflags -static' -o $(CURDIR)/bin/benchboard-arm64 .
	@qemu-aarch64-static bin/benchboard-arm64 -via qemu-aarch64-static -rows 10000 -rounds 2

# The power is taken away: at random moments of printing, 200 times, from the
# printer at every single byte of a slip, from terminal and hub while records go
# up, 2,000 times, and from the disk under all that is kept, 1,000 times (as root).
kills: setup-test build
	JOBHOME_EVERY_BYTE=1 $(GO) test ./drivers/printer ./kiosk/station -run 'Byte|Prefix' -v -timeout 120m
	JOBHOME_KILLS=2000 $(GO) test ./sync/outbox -run TestKills -v -timeout 60m
	cd $(POWERCUT) && JOBHOME_CUTS=1000 $(GO) test -v -timeout 120m ./...
	JOBHOME_KILLS=200 $(GO) test ./kiosk/cmd/kiosk -run 'TestKillTheLoop|TestPowerCuts' -v -timeout 60m

# Every page on both panels, in both languages, all looks: pictures in out/screens.
screens: setup-run build
	@bin/kiosk screens out/screens

clean:
	rm -rf bin out
