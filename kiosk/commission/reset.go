package commission

import (
	"fmt"
	"os"

	"jobhome/kiosk/durable"
)

// resetFile is the wish to be wiped, for keeper.
const resetFile = "reset"

// bootID is the id of this boot (random(4)).
const bootID = "/proc/sys/kernel/random/boot_id"

// Reset asks keeper to have everything wiped and the computer restarted. The wish
// is good in this boot only.
func (pl Place) Reset() error {
	id, err := os.ReadFile(bootID)
	if err != nil {
		return fmt.Errorf("commission: %w", err)
	}
	if err := durable.Replace(pl.path(resetFile), id); err != nil {
		return fmt.Errorf("commission: ask for the reset: %w", err)
	}
	return nil
}
