package main

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"jobhome/ui/uitest"
)

// pageOf is a static page with the nodes' words where the nodes are. Whoever
// builds a terminal in a browser has at least this to show.
func pageOf(nodes []uitest.Node) []byte {
	var b bytes.Buffer
	b.WriteString(`<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>page</title><style>
body{margin:0;background:#f4f1ea;color:#1d1d1b;font-family:"Noto Sans CJK SC",sans-serif;overflow:hidden}
div{position:absolute;box-sizing:border-box;overflow:hidden}
.button{background:#fff;border:2px solid #ccc;border-radius:12px;padding:12px;font-size:30px}
.label{font-size:26px}p{margin:0 0 6px}
</style><body>`)
	for _, n := range nodes {
		fmt.Fprintf(&b, `<div class="%s" style="left:%dpx;top:%dpx;width:%dpx;height:%dpx">`,
			n.Role, n.Bounds.Min.X, n.Bounds.Min.Y, n.Bounds.Dx(), n.Bounds.Dy())
		for _, line := range strings.Split(n.Name, ", ") {
			fmt.Fprintf(&b, "<p>%s</p>", html.EscapeString(line))
		}
		b.WriteString("</div>\n")
	}
	return b.Bytes()
}
