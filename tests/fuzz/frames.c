/* Damaged frames, in each output. */
#include "fuzz.h"

enum { WINDOWS = 64 };

static void round_of_frames(const struct material *m) {
	uint32_t output = below(OUTPUTS);
	work(m, m->tables + output, output, WINDOWS, 1);
}
int main(int count, char **arguments) {
	int status = run_rounds(count, arguments, round_of_frames);
	tell_work();
	return status;
}
