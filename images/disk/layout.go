package disk

// Layout is where everything lies on a disk, in MiB from its start; see
// ../DESIGN.md. The last partition grows with the disk.
const (
	MiB = 1 << 20

	ESPStart, ESPSize     = 1, 64
	StateStart, StateSize = 65, 1
	BootSize, RootSize    = 64, 256
	BootAStart            = 66
	BootBStart            = BootAStart + BootSize
	RootAStart            = BootBStart + BootSize
	RootBStart            = RootAStart + RootSize
	DataStart             = RootBStart + RootSize
	DataSize              = 64 // until it is grown at the first start
	DiskSize              = DataStart + DataSize + 1
)
