package feed

import (
	"time"

	"jobhome/sync/trust"
)

// Root is the newest root that was proven, or the first one.
func (c *Client) Root() trust.Root {
	c.mu.Lock()
	text := c.st.Root
	c.mu.Unlock()
	if root, err := trust.ReadRoot(text); err == nil {
		return root
	}
	root, _ := trust.ReadRoot(c.opts.Root) // New has read it
	return root
}

// Now is the time as far as it can be known: what the clock says, unless that is
// below what signed times, and the time since, have shown.
func (c *Client) Now() time.Time { return c.now() }

// Expired tells that the head which was accepted says of itself that there should
// be a newer one by now: people are told up to when the board held.
func (c *Client) Expired() bool {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.st.Expires.IsZero() && now.After(c.st.Expires)
}

// Floor is the time that it is at least.
func (c *Client) Floor() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.st.Floor.Time()
}
