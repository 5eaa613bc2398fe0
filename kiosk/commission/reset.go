package commission

import (
	"fmt"
	"io/fs"
	"os"

	"jobhome/kiosk/durable"
)

// resetFile is the wish to be wiped, for keeper.
const resetFile = "reset"

// bootIDs are where the id of this boot (random(4)) is: as keeper says it, and the
// kernel's own, which the image's sandbox hides.
var bootIDs = []string{"/run/jobhome/boot-id", "/proc/sys/kernel/random/boot_id"}

// Reset asks keeper to have everything wiped and the computer restarted. The wish
// is good in this boot only.
func (pl Place) Reset() error {
	var id []byte
	err := fs.ErrNotExist
	for _, path := range bootIDs {
		if id, err = os.ReadFile(path); err == nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("commission: the id of this boot: %w", err)
	}
	if err := durable.Replace(pl.path(resetFile), id); err != nil {
		return fmt.Errorf("commission: ask for the reset: %w", err)
	}
	return nil
}
