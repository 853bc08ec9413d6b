#include "shim.h"
#include "screen.h"

#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define VD_ALLOW_DEPRECATED _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wdeprecated-declarations\"")
#define VD_REFUSE_DEPRECATED _Pragma("GCC diagnostic pop")

// A pool is shared memory in equal slots, into which the library decodes. It
// lives until its vd has given it up and no buffer refers to a slot of it.
typedef struct pool {
	uint8_t *base;
	int64_t slot;
	int count;
	pthread_mutex_t lock;
	int users; // the vd, and the slots taken
	uint8_t taken[VD_MAX_SLOTS];
} pool;

// The picture before cropping. Its strides are those of the frame.
typedef struct {
	const uint8_t *data[3];
	int width, height, left, top;
} vd_whole;

// What the library complained about since it was asked last. With several
// threads each has a context of its own, and works on a unit of its own: they
// are given units in turns.
enum { MAX_TOLD = 32, SENT = 256 };
typedef struct {
	pthread_mutex_t lock;
	int count, strays;
	int64_t units[MAX_TOLD]; // that were complained about
	int64_t sent[SENT];      // units handed over, by number
	int64_t number;          // of those handed over since decoding began anew
	struct {
		const AVCodecContext *ctx;
		int64_t number; // of a unit that it was given
	} at[VD_MAX_THREADS];
	char last[256];
} complaints;

struct vd {
	AVCodecContext *ctx;
	pthread_mutex_t pool_lock; // of the next
	pool *pool;
	AVBufferRef *placed[VD_MAX_SLOTS]; // pictures that the parent holds
	AVPacket *packet;
	AVFrame *frame;
	vd_whole whole; // of the frame received last
	complaints told;
	vs *screen;
	SwrContext *swr;
	int swr_rate, swr_channels, swr_format;
	char error[256];
};

static atomic_int live;
static atomic_int strays; // complaints that name no decoder: held against each of them
static _Thread_local vd *calling;

// owner finds the decoder that a complaint is about, or NULL.
static vd *owner(void *source, const AVCodecContext **ctx) {
	for (int depth = 0; source && depth < 4; depth++) {
		const AVClass *class = *(const AVClass *const *)source;
		if (!class)
			break;
		if (class == avcodec_get_class()) {
			*ctx = source;
			return (*ctx)->opaque;
		}
		if (!class->parent_log_context_offset)
			break;
		source = *(void **)((uint8_t *)source + class->parent_log_context_offset);
	}
	return calling;
}

// tell notes a unit that was complained about. The lock is held.
static void tell(complaints *c, int64_t number) {
	int64_t unit = number > 0 ? c->sent[number % SENT] : 0;
	for (int i = 0; i < c->count; i++)
		if (c->units[i] == unit)
			return;
	if (c->count < MAX_TOLD)
		c->units[c->count++] = unit;
}

// blame notes the unit that a thread of the library works on: the last one that
// it can have been given. The one handed over last may not have reached it yet,
// and then both are noted. A context that has asked for no picture yet works on
// the one handed over last. The lock is held.
static void blame(vd *d, const AVCodecContext *ctx) {
	complaints *c = &d->told;
	int threads = d->ctx ? d->ctx->thread_count : 1;
	for (int i = 0; ctx && threads > 1 && i < VD_MAX_THREADS && c->at[i].ctx; i++) {
		if (c->at[i].ctx != ctx)
			continue;
		int64_t n = c->at[i].number;
		while (n + threads <= c->number)
			n += threads;
		if (n == c->number && n - threads >= c->at[i].number)
			tell(c, n - threads);
		tell(c, n);
		return;
	}
	tell(c, c->number);
}

// Concealment is told at a lower level than the damage that calls for it, and
// at once, while the flags of a picture come when its turn to be shown has come.
static void on_log(void *source, int level, const char *format, va_list args) {
	const AVCodecContext *ctx = NULL;
	if (level > AV_LOG_ERROR && strncmp(format, "concealing ", 11))
		return;
	vd *d = owner(source, &ctx);
	if (!d) {
		atomic_fetch_add(&strays, 1);
		return;
	}
	complaints *c = &d->told;
	pthread_mutex_lock(&c->lock);
	blame(d, ctx);
	vsnprintf(c->last, sizeof c->last, format, args);
	pthread_mutex_unlock(&c->lock);
}

// works_on remembers which unit a thread of the library works on.
static void works_on(vd *d, const AVCodecContext *ctx, int64_t unit) {
	complaints *c = &d->told;
	pthread_mutex_lock(&c->lock);
	int64_t n = c->number;
	while (n > 0 && n > c->number - VD_MAX_THREADS - 2 && c->sent[n % SENT] != unit)
		n--;
	for (int i = 0; i < VD_MAX_THREADS && n > 0 && c->sent[n % SENT] == unit; i++) {
		if (c->at[i].ctx && c->at[i].ctx != ctx)
			continue;
		c->at[i].ctx = ctx;
		c->at[i].number = n;
		break;
	}
	pthread_mutex_unlock(&c->lock);
}

void vd_setup(void) { av_log_set_callback(on_log); }

const char *vd_version(void) { return av_version_info(); }

int vd_live(void) { return atomic_load(&live); }

// vd_report takes a unit that was complained about since it was asked last, and
// the text of a complaint; it returns 0 when there is none left.
int vd_report(vd *d, char *text, int size, int64_t *unit) {
	complaints *c = &d->told;
	pthread_mutex_lock(&c->lock);
	int stray = atomic_load(&strays), some = 1;
	if (c->count) {
		*unit = c->units[--c->count];
		snprintf(text, size, "%s", c->last);
	} else if (stray != c->strays) {
		c->strays = stray;
		*unit = c->number > 0 ? c->sent[c->number % SENT] : 0;
		snprintf(text, size, "a complaint that names no decoder");
	} else {
		some = 0;
	}
	pthread_mutex_unlock(&c->lock);
	return some;
}

static int fail(vd *d, int code) {
	av_strerror(code, d->error, sizeof d->error);
	return VD_ERROR;
}

const char *vd_error(vd *d) { return d->error; }

static enum AVCodecID id_of(int codec) {
	switch (codec) {
	case VD_H264: return AV_CODEC_ID_H264;
	case VD_H265: return AV_CODEC_ID_HEVC;
	case VD_AAC: return AV_CODEC_ID_AAC;
	case VD_ALAW: return AV_CODEC_ID_PCM_ALAW;
	case VD_MULAW: return AV_CODEC_ID_PCM_MULAW;
	case VD_G722: return AV_CODEC_ID_ADPCM_G722;
	}
	return AV_CODEC_ID_NONE;
}

static void pool_leave(pool *p, int slot) {
	pthread_mutex_lock(&p->lock);
	if (slot >= 0)
		p->taken[slot] = 0;
	int left = --p->users;
	pthread_mutex_unlock(&p->lock);
	if (left == 0) {
		pthread_mutex_destroy(&p->lock);
		av_free(p);
	}
}

static int pool_take(pool *p) {
	int slot = -1;
	pthread_mutex_lock(&p->lock);
	for (int i = 0; i < p->count && slot < 0; i++)
		if (!p->taken[i])
			slot = i;
	if (slot >= 0) {
		p->taken[slot] = 1;
		p->users++;
	}
	pthread_mutex_unlock(&p->lock);
	return slot;
}

// The opaque of a buffer is its pool; its slot follows from its address.
static void give_slot(void *opaque, uint8_t *data) {
	pool *p = opaque;
	pool_leave(p, (int)((data - p->base) / p->slot));
}

// get_buffer gives the library a slot to decode into. Where none is free, or
// the picture does not fit, the library takes memory of its own and the picture
// is copied afterwards. It runs on any of the library's threads.
static int get_buffer(AVCodecContext *ctx, AVFrame *f, int flags) {
	vd *d = ctx->opaque;
	int align[AV_NUM_DATA_POINTERS], width = f->width, height = f->height, lines[4];
	ptrdiff_t wide[4];
	size_t sizes[4];
	works_on(d, ctx, f->pts);
	if (!(ctx->codec->capabilities & AV_CODEC_CAP_DR1) || f->width <= 0 || f->height <= 0)
		return avcodec_default_get_buffer2(ctx, f, flags);
	avcodec_align_dimensions2(ctx, &width, &height, align);
	for (int fits = 0; !fits; width += width & ~(width - 1)) {
		if (av_image_fill_linesizes(lines, f->format, width) < 0)
			return avcodec_default_get_buffer2(ctx, f, flags);
		fits = 1;
		for (int i = 0; i < 4; i++)
			fits &= lines[i] % align[i] == 0;
	}
	for (int i = 0; i < 4; i++)
		wide[i] = lines[i];
	if (av_image_fill_plane_sizes(sizes, f->format, height, wide) < 0)
		return avcodec_default_get_buffer2(ctx, f, flags);
	// The library may read and write a little behind each plane.
	size_t offset[4], need = 0;
	for (int i = 0; i < 4; i++) {
		offset[i] = need;
		if (sizes[i])
			need += (sizes[i] + 16 + 64 + 63) & ~(size_t)63;
	}
	// The pool may be exchanged while other threads are here: a slot and its
	// memory have to be of one.
	pthread_mutex_lock(&d->pool_lock);
	pool *p = d->pool;
	int slot = p && (int64_t)need <= p->slot ? pool_take(p) : -1;
	pthread_mutex_unlock(&d->pool_lock);
	if (slot < 0)
		return avcodec_default_get_buffer2(ctx, f, flags);
	uint8_t *base = p->base + slot * p->slot; // the slot keeps the pool
	f->buf[0] = av_buffer_create(base, need, give_slot, p, 0);
	if (!f->buf[0]) {
		pool_leave(p, slot);
		return AVERROR(ENOMEM);
	}
	for (int i = 0; i < 4; i++) {
		f->data[i] = sizes[i] ? base + offset[i] : NULL;
		f->linesize[i] = sizes[i] ? lines[i] : 0;
	}
	f->extended_data = f->data;
	return 0;
}

// vd_pool gives the library shared memory to decode into from now on. It is
// called between calls of the others; threads of the library may be at work.
int vd_pool(vd *d, uint8_t *base, int64_t slot, int count) {
	pool *p = av_mallocz(sizeof *p);
	if (!p)
		return VD_ERROR;
	if (pthread_mutex_init(&p->lock, NULL)) {
		av_free(p);
		return VD_ERROR;
	}
	p->base = base;
	p->slot = slot;
	p->count = count < VD_MAX_SLOTS ? count : VD_MAX_SLOTS;
	p->users = 1;
	for (int i = 0; i < VD_MAX_SLOTS; i++)
		av_buffer_unref(&d->placed[i]);
	pthread_mutex_lock(&d->pool_lock);
	pool *old = d->pool;
	d->pool = p;
	pthread_mutex_unlock(&d->pool_lock);
	if (old)
		pool_leave(old, -1);
	return VD_OK;
}

// vd_place keeps the frame's slot for the parent until vd_unplace, or returns
// VD_AGAIN when the frame lies in no slot.
int vd_place(vd *d, vd_placed *out) {
	const AVFrame *f = d->frame;
	pool *p = d->pool;
	if (!p || !f->buf[0] || f->buf[0]->data < p->base || f->buf[0]->data >= p->base + p->slot * p->count)
		return VD_AGAIN;
	uint8_t *data = f->buf[0]->data;
	int slot = (int)((data - p->base) / p->slot);
	if (d->placed[slot] || !(d->placed[slot] = av_buffer_ref(f->buf[0])))
		return VD_AGAIN;
	out->slot = slot;
	for (int i = 0; i < 3; i++) {
		out->offset[i] = f->data[i] ? (int)(f->data[i] - (p->base + slot * p->slot)) : 0;
		out->stride[i] = f->linesize[i];
	}
	return VD_OK;
}

void vd_unplace(vd *d, int slot) {
	if (slot >= 0 && slot < VD_MAX_SLOTS)
		av_buffer_unref(&d->placed[slot]);
}

vd *vd_open(int codec, const uint8_t *config, int config_size, int width, int height, int rate, int channels, int threads, char *err, int err_size) {
	const AVCodec *c = avcodec_find_decoder(id_of(codec));
	if (!c) {
		snprintf(err, err_size, "this FFmpeg has no decoder for the codec");
		return NULL;
	}
	vd *d = av_mallocz(sizeof *d);
	if (!d) {
		snprintf(err, err_size, "out of memory");
		return NULL;
	}
	atomic_fetch_add(&live, 1);
	pthread_mutex_init(&d->told.lock, NULL);
	pthread_mutex_init(&d->pool_lock, NULL);
	d->told.strays = atomic_load(&strays);
	int code = AVERROR(ENOMEM);
	d->packet = av_packet_alloc();
	d->frame = av_frame_alloc();
	d->ctx = avcodec_alloc_context3(c);
	if (!d->packet || !d->frame || !d->ctx)
		goto failed;
	if (config_size > 0) {
		d->ctx->extradata = av_mallocz(config_size + AV_INPUT_BUFFER_PADDING_SIZE);
		if (!d->ctx->extradata)
			goto failed;
		memcpy(d->ctx->extradata, config, config_size);
		d->ctx->extradata_size = config_size;
	}
	d->ctx->width = width;
	d->ctx->height = height;
	d->ctx->thread_count = threads < VD_MAX_THREADS ? threads : VD_MAX_THREADS;
	d->ctx->thread_type = threads > 1 ? FF_THREAD_FRAME : FF_THREAD_SLICE;
	// Damage is looked for and told; pictures are concealed and never withheld for it.
	d->ctx->err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER | AV_EF_AGGRESSIVE;
	d->ctx->flags |= AV_CODEC_FLAG_OUTPUT_CORRUPT;
	d->ctx->opaque = d;
	d->ctx->apply_cropping = 0; // vd_receive does, once it has noted the whole picture
	if (codec == VD_H264 || codec == VD_H265) {
		d->ctx->get_buffer2 = get_buffer;
#if LIBAVCODEC_VERSION_MAJOR < 60
		// Deprecated where it still exists, because it became the only way.
		VD_ALLOW_DEPRECATED
		d->ctx->thread_safe_callbacks = 1;
		VD_REFUSE_DEPRECATED
#endif
	}
	if (rate > 0)
		d->ctx->sample_rate = rate;
	if (channels > 0)
		av_channel_layout_default(&d->ctx->ch_layout, channels);
	code = avcodec_open2(d->ctx, c, NULL);
	if (code < 0)
		goto failed;
	return d;
failed:
	av_strerror(code, err, err_size);
	vd_close(d);
	return NULL;
}

int vd_send(vd *d, const uint8_t *data, int size, int64_t index) {
	av_packet_unref(d->packet);
	// Not reference counted: the library copies it, with the padding it needs.
	d->packet->data = (uint8_t *)data;
	d->packet->size = size;
	d->packet->pts = index;
	d->packet->dts = index;
	pthread_mutex_lock(&d->told.lock);
	d->told.number++;
	d->told.sent[d->told.number % SENT] = index;
	pthread_mutex_unlock(&d->told.lock);
	calling = d;
	int code = avcodec_send_packet(d->ctx, d->packet);
	calling = NULL;
	d->packet->data = NULL;
	d->packet->size = 0;
	if (code == AVERROR(EAGAIN)) { // it was not taken
		pthread_mutex_lock(&d->told.lock);
		d->told.number--;
		pthread_mutex_unlock(&d->told.lock);
		return VD_AGAIN;
	}
	return code < 0 ? fail(d, code) : VD_OK;
}

int vd_drain(vd *d) {
	int code = avcodec_send_packet(d->ctx, NULL);
	return code < 0 && code != AVERROR_EOF ? fail(d, code) : VD_OK;
}

static int range_of(const AVFrame *f) {
	return f->color_range == AVCOL_RANGE_JPEG || f->format == AV_PIX_FMT_YUVJ420P || f->format == AV_PIX_FMT_YUVJ422P || f->format == AV_PIX_FMT_YUVJ444P;
}

// space_of follows the frame, and where it states none, the usual rule by size.
static int space_of(const AVFrame *f) {
	switch (f->colorspace) {
	case AVCOL_SPC_BT709: return VS_BT709;
	case AVCOL_SPC_BT2020_NCL: case AVCOL_SPC_BT2020_CL: return VS_BT2020;
	case AVCOL_SPC_UNSPECIFIED: return f->height >= 720 ? VS_BT709 : VS_BT601;
	default: return VS_BT601;
	}
}

static int format_of(int f) {
	switch (f) {
	case AV_PIX_FMT_YUV420P: case AV_PIX_FMT_YUVJ420P: return 1;
	case AV_PIX_FMT_YUV422P: case AV_PIX_FMT_YUVJ422P: return 2;
	case AV_PIX_FMT_YUV444P: case AV_PIX_FMT_YUVJ444P: return 3;
	case AV_PIX_FMT_GRAY8: return 4;
	case AV_PIX_FMT_YUV420P10LE: return 5;
	case AV_PIX_FMT_YUV422P10LE: return 6;
	case AV_PIX_FMT_YUV444P10LE: return 7;
	case AV_PIX_FMT_GRAY10LE: return 8;
	case AV_PIX_FMT_YUV420P12LE: return 9;
	case AV_PIX_FMT_YUV422P12LE: return 10;
	}
	return 0;
}

// crop notes the whole picture, which a hash of the stream is about, and leaves
// what is to be shown of it.
static int crop(vd *d) {
	AVFrame *f = d->frame;
	vd_whole *w = &d->whole;
	for (int i = 0; i < 3; i++)
		w->data[i] = f->data[i];
	w->width = f->width;
	w->height = f->height;
	int code = av_frame_apply_cropping(f, 0);
	ptrdiff_t cut = f->data[0] - w->data[0]; // alignment may have kept some of it
	w->left = w->top = 0;
	if (code >= 0 && f->linesize[0] > 0 && cut > 0) {
		w->top = (int)(cut / f->linesize[0]);
		w->left = (int)(cut % f->linesize[0]) / (av_pix_fmt_desc_get(f->format)->comp[0].depth > 8 ? 2 : 1);
	}
	return code;
}

int vd_receive(vd *d, vd_info *info) {
	calling = d;
	int code = avcodec_receive_frame(d->ctx, d->frame);
	calling = NULL;
	if (code >= 0 && d->ctx->codec_type == AVMEDIA_TYPE_VIDEO)
		code = crop(d);
	if (code == AVERROR(EAGAIN))
		return VD_AGAIN;
	if (code == AVERROR_EOF)
		return VD_EOF;
	if (code < 0)
		return fail(d, code);
	AVFrame *f = d->frame;
	info->index = f->pts;
	info->width = f->width;
	info->height = f->height;
	info->format = format_of(f->format);
	info->full_range = range_of(f);
	info->space = space_of(f);
	info->kind = 0;
	if (f->pict_type == AV_PICTURE_TYPE_I) info->kind = 'I';
	if (f->pict_type == AV_PICTURE_TYPE_P) info->kind = 'P';
	if (f->pict_type == AV_PICTURE_TYPE_B) info->kind = 'B';
	info->error_flags = f->decode_error_flags;
	info->corrupt = (f->flags & AV_FRAME_FLAG_CORRUPT) != 0;
	info->samples = f->nb_samples;
	info->whole_width = d->whole.width;
	info->whole_height = d->whole.height;
	info->left = d->whole.left;
	info->top = d->whole.top;
	return VD_OK;
}

// vd_planes copies the planes without padding, one after the other, and returns
// the bytes written, or -1 when they do not fit. With whole they are those of
// the whole coded picture, with what is not to be shown.
int64_t vd_planes(vd *d, int whole, uint8_t *dst, int64_t size, int sizes[3]) {
	const AVFrame *f = d->frame;
	const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(f->format);
	int width = whole ? d->whole.width : f->width, height = whole ? d->whole.height : f->height;
	int64_t done = 0;
	sizes[0] = sizes[1] = sizes[2] = 0;
	if (!desc)
		return -1;
	int planes = av_pix_fmt_count_planes(f->format);
	for (int p = 0; p < planes && p < 3; p++) {
		int line = av_image_get_linesize(f->format, width, p);
		int rows = p ? AV_CEIL_RSHIFT(height, desc->log2_chroma_h) : height;
		if (line < 0 || done + (int64_t)line * rows > size)
			return -1;
		av_image_copy_plane(dst + done, line, whole ? d->whole.data[p] : f->data[p], f->linesize[p], line, rows);
		sizes[p] = line * rows;
		done += sizes[p];
	}
	return done;
}

// vd_rgba converts the frame at its own size.
int vd_rgba(vd *d, uint8_t *dst, int64_t size) {
	const AVFrame *f = d->frame;
	if ((int64_t)f->width * f->height * 4 > size || (!d->screen && !(d->screen = vs_new())))
		return VD_ERROR;
	vs_planes p = {f->width, f->height, f->format, range_of(f), space_of(f)};
	for (int i = 0; i < 4; i++) {
		p.data[i] = f->data[i];
		p.stride[i] = f->linesize[i];
	}
	return vs_convert(d->screen, &p, dst, f->width, f->height) ? VD_ERROR : VD_OK;
}

// vd_sound resamples the frame to 48 kHz stereo and returns the frames
// written. With drain it returns what the resampler still holds.
int vd_sound(vd *d, float *dst, int max_frames, int drain) {
	AVFrame *f = d->frame;
	if (!drain && (!d->swr || d->swr_rate != f->sample_rate || d->swr_channels != f->ch_layout.nb_channels || d->swr_format != f->format)) {
		AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
		swr_free(&d->swr);
		int code = swr_alloc_set_opts2(&d->swr, &stereo, AV_SAMPLE_FMT_FLT, 48000, &f->ch_layout, f->format, f->sample_rate, 0, NULL);
		if (code >= 0)
			code = swr_init(d->swr);
		if (code < 0)
			return fail(d, code);
		d->swr_rate = f->sample_rate;
		d->swr_channels = f->ch_layout.nb_channels;
		d->swr_format = f->format;
	}
	if (!d->swr)
		return 0;
	uint8_t *out[1] = {(uint8_t *)dst};
	int n = drain ? swr_convert(d->swr, out, max_frames, NULL, 0)
		: swr_convert(d->swr, out, max_frames, (const uint8_t **)f->extended_data, f->nb_samples);
	return n < 0 ? fail(d, n) : n;
}

void vd_flush(vd *d) {
	avcodec_flush_buffers(d->ctx);
	pthread_mutex_lock(&d->told.lock); // turns begin anew
	d->told.number = 0;
	memset(d->told.at, 0, sizeof d->told.at);
	pthread_mutex_unlock(&d->told.lock);
	swr_free(&d->swr);
}

void vd_close(vd *d) {
	if (!d)
		return;
	avcodec_free_context(&d->ctx);
	av_packet_free(&d->packet);
	av_frame_free(&d->frame);
	for (int i = 0; i < VD_MAX_SLOTS; i++)
		av_buffer_unref(&d->placed[i]);
	if (d->pool)
		pool_leave(d->pool, -1);
	pthread_mutex_destroy(&d->told.lock);
	pthread_mutex_destroy(&d->pool_lock);
	vs_free(d->screen);
	swr_free(&d->swr);
	av_free(d);
	atomic_fetch_sub(&live, 1);
}
