// Conversion of planes for the screen. Ownership: a vs is freed by vs_free and
// used by one thread at a time; memory passed in is only used during the call.
#ifndef VEDETTE_SCREEN_H
#define VEDETTE_SCREEN_H

#include <stdint.h>

typedef struct vs vs;

// Planes as they lie in memory. The colour space is one of VS_BT601 and so on.
typedef struct {
	int width, height;
	int pixels; // an AVPixelFormat
	int full_range, space;
	const uint8_t *data[4];
	int stride[4];
} vs_planes;

enum { VS_BT601 = 0, VS_BT709, VS_BT2020 };

int vs_pixels(int format); // the AVPixelFormat of a format of vd_info, -1 if there is none
vs *vs_new(void);
int vs_convert(vs *s, const vs_planes *p, uint8_t *dst, int width, int height);
void vs_free(vs *s);

#endif
