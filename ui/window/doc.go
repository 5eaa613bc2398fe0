// Package window draws screen values with GTK 3 and reports what is touched;
// it is the only package that knows the toolkit.
//
// A [Window] holds one widget tree for each page, kept for ever and bound
// anew to each value shown ([Window.Show]). Binding compares a node with the
// one the widget showed before and changes only what differs, so walking
// between known pages makes no widgets and no garbage for the toolkit.
//
// GTK runs on one thread. [Init] binds the calling goroutine to it, [Main]
// runs its loop, [Post] runs a function there. Show may be called from any
// goroutine and keeps only the newest value. Widgets that Go no longer
// reaches are released in batches on that thread, never from the garbage
// collector's own (gotk3 issue 810).
//
// Sources: the GTK 3 Reference Manual (height-for-width geometry, CSS
// properties), WCAG 2.1 §1.4.3 (contrast), EN 301 549 §5.8 (double strike).
package window
