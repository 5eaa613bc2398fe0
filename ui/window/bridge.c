#include <gtk/gtk.h>
#include <atk/atk.h>

#include "bridge.h"

void jobhome_set_accessible_name(uintptr_t widget, const char *name)
{
	AtkObject *a = gtk_widget_get_accessible(GTK_WIDGET((gpointer)widget));

	if (a != NULL)
		atk_object_set_name(a, name);
}

/* The caller frees the copy; NULL where there is no name. */
char *jobhome_accessible_name(uintptr_t widget)
{
	AtkObject *a = gtk_widget_get_accessible(GTK_WIDGET((gpointer)widget));

	return a == NULL ? NULL : g_strdup(atk_object_get_name(a));
}

void jobhome_label_line_height(uintptr_t label, double factor)
{
	PangoAttrList *list = pango_attr_list_new();

	pango_attr_list_insert(list, pango_attr_line_height_new(factor));
	gtk_label_set_attributes(GTK_LABEL((gpointer)label), list);
	pango_attr_list_unref(list);
}

typedef struct {
	GtkBox parent;
	gboolean tight;
} JobhomeBox;

typedef struct {
	GtkBoxClass parent;
} JobhomeBoxClass;

G_DEFINE_TYPE(JobhomeBox, jobhome_box, GTK_TYPE_BOX)

static void jobhome_box_get_preferred_width(GtkWidget *w, gint *least, gint *natural)
{
	GTK_WIDGET_CLASS(jobhome_box_parent_class)->get_preferred_width(w, least, natural);
	if (((JobhomeBox *)w)->tight)
		*natural = *least;
}

/* A row asks its kids this question, with the height that it has. */
static void jobhome_box_get_preferred_width_for_height(GtkWidget *w, gint height, gint *least, gint *natural)
{
	GTK_WIDGET_CLASS(jobhome_box_parent_class)->get_preferred_width_for_height(w, height, least, natural);
	if (((JobhomeBox *)w)->tight)
		*natural = *least;
}

static void jobhome_box_class_init(JobhomeBoxClass *c)
{
	GTK_WIDGET_CLASS(c)->get_preferred_width = jobhome_box_get_preferred_width;
	GTK_WIDGET_CLASS(c)->get_preferred_width_for_height = jobhome_box_get_preferred_width_for_height;
}

static void jobhome_box_init(JobhomeBox *b)
{
	b->tight = FALSE;
}

void *jobhome_box_new(void)
{
	return g_object_new(jobhome_box_get_type(), NULL);
}

void jobhome_box_set_tight(uintptr_t box, int tight)
{
	JobhomeBox *b = (gpointer)box;

	b->tight = tight != 0;
	gtk_widget_queue_resize(GTK_WIDGET(b));
}
