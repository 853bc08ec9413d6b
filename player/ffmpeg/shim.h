// The thin layer between Go and FFmpeg's libraries, from 5.1 on. Ownership: a
// vd owns everything reachable from it and is freed by vd_close. Memory passed
// in is only read or written during the call. A vd is used by one thread at a
// time. Nothing here calls back into Go. Only the memory of vd_pool is kept: it
// is to stay mapped as long as the process lives.
#ifndef VEDETTE_SHIM_H
#define VEDETTE_SHIM_H

#include <stdint.h>

typedef struct vd vd;

// What is known of the frame that was received last.
typedef struct {
	int64_t index;
	int width, height;
	int format; // see vd_format
	int full_range;
	int space; // VS_BT601 and so on
	int kind; // 'I', 'P', 'B' or 0
	int error_flags;
	int corrupt;
	int samples; // audio, before resampling
	int whole_width, whole_height; // video, before cropping
	int left, top;                 // what is shown, within it
} vd_info;

enum { VD_OK = 0, VD_AGAIN = 1, VD_EOF = 2, VD_ERROR = -1 };
enum { VD_H264 = 1, VD_H265, VD_AAC, VD_ALAW, VD_MULAW, VD_G722 };

// Where in its slot a picture lies. The strides are those of the library.
typedef struct {
	int slot;
	int offset[3], stride[3];
} vd_placed;

enum { VD_MAX_SLOTS = 320, VD_MAX_THREADS = 64 };

void vd_setup(void);
const char *vd_version(void);
vd *vd_open(int codec, const uint8_t *config, int config_size, int width, int height, int rate, int channels, int threads, char *err, int err_size);
int vd_send(vd *d, const uint8_t *data, int size, int64_t index);
int vd_drain(vd *d);
int vd_receive(vd *d, vd_info *info);
int64_t vd_planes(vd *d, int whole, uint8_t *dst, int64_t size, int sizes[3]);
int vd_pool(vd *d, uint8_t *base, int64_t slot, int count);
int vd_place(vd *d, vd_placed *out);
void vd_unplace(vd *d, int slot);
int vd_rgba(vd *d, uint8_t *dst, int64_t size);
int vd_sound(vd *d, float *dst, int max_frames, int drain);
void vd_flush(vd *d);
void vd_close(vd *d);
const char *vd_error(vd *d);
int vd_report(vd *d, char *text, int size, int64_t *unit);
int vd_live(void);

#endif
