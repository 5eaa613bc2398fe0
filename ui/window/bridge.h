#ifndef JOBHOME_WINDOW_BRIDGE_H
#define JOBHOME_WINDOW_BRIDGE_H

#include <stdint.h>

/* Widgets are given by their address as a number; none is kept. */
void jobhome_set_accessible_name(uintptr_t widget, const char *name);
char *jobhome_accessible_name(uintptr_t widget);
void jobhome_label_line_height(uintptr_t label, double factor);

/* A GtkBox that can be told to ask for no more width than it must have. */
void *jobhome_box_new(void);
void jobhome_box_set_tight(uintptr_t box, int tight);

#endif
