#include "screen.h"

#include <libavutil/mem.h>
#include <libavutil/pixfmt.h>
#include <libswscale/swscale.h>

struct vs {
	struct SwsContext *sws;
	vs_planes made; // what sws was made for; its pointers mean nothing
	int width, height;
};

int vs_pixels(int format) {
	switch (format) {
	case 1: return AV_PIX_FMT_YUV420P;
	case 2: return AV_PIX_FMT_YUV422P;
	case 3: return AV_PIX_FMT_YUV444P;
	case 4: return AV_PIX_FMT_GRAY8;
	case 5: return AV_PIX_FMT_YUV420P10LE;
	case 6: return AV_PIX_FMT_YUV422P10LE;
	case 7: return AV_PIX_FMT_YUV444P10LE;
	case 8: return AV_PIX_FMT_GRAY10LE;
	case 9: return AV_PIX_FMT_YUV420P12LE;
	case 10: return AV_PIX_FMT_YUV422P12LE;
	}
	return -1;
}

vs *vs_new(void) { return av_mallocz(sizeof(vs)); }

static int coefficients(int space) {
	switch (space) {
	case VS_BT709: return SWS_CS_ITU709;
	case VS_BT2020: return SWS_CS_BT2020;
	}
	return SWS_CS_ITU601;
}

// vs_convert writes the picture as RGBA of the given size, without padding, and
// returns 0, or -1 when it cannot. At its own size every pixel is kept.
int vs_convert(vs *s, const vs_planes *p, uint8_t *dst, int width, int height) {
	int own = width == p->width && height == p->height;
	const vs_planes *m = &s->made;
	if (!s->sws || m->width != p->width || m->height != p->height || m->pixels != p->pixels || m->full_range != p->full_range ||
		m->space != p->space || s->width != width || s->height != height) {
		sws_freeContext(s->sws);
		s->sws = sws_getContext(p->width, p->height, p->pixels, width, height, AV_PIX_FMT_RGBA, own ? SWS_POINT : SWS_BILINEAR, NULL, NULL, NULL);
		if (!s->sws)
			return -1;
		sws_setColorspaceDetails(s->sws, sws_getCoefficients(coefficients(p->space)), p->full_range, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
		s->made = *p;
		s->width = width;
		s->height = height;
	}
	uint8_t *planes[4] = {dst};
	int lines[4] = {width * 4};
	return sws_scale(s->sws, p->data, p->stride, 0, p->height, planes, lines) == height ? 0 : -1;
}

void vs_free(vs *s) {
	if (!s)
		return;
	sws_freeContext(s->sws);
	av_free(s);
}
