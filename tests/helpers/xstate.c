/*
 * Preloaded into user-mode Linux on processors with AMX (tests/helpers/uml_kernel.py): its registers' buffer has 2696 bytes, the
 * host's ptrace takes a PTRACE_SETREGSET of NT_X86_XSTATE with all of them only (11008 there), else EFAULT, and the
 * first process never starts. What lies behind the buffer goes out as zeros: states that no guest process has used.
 */
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char registers[1 << 16] __attribute__((aligned(64)));
static size_t size;             /* of the host's whole state */

static long set_whole(pid_t pid, void *type, const struct iovec *part)
{
    struct iovec whole = {registers, sizeof registers};

    if (size == 0) {
        long failed = syscall(SYS_ptrace, PTRACE_GETREGSET, pid, type, &whole);
        if (failed)
            return failed;
        size = whole.iov_len;
        memset(registers, 0, size);
    }
    whole.iov_len = size;
    memcpy(registers, part->iov_base, part->iov_len < size ? part->iov_len : size);
    return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, type, &whole);
}

long ptrace(enum __ptrace_request request, ...)
{
    va_list list;
    long word, failed;

    va_start(list, request);
    pid_t pid = va_arg(list, pid_t);
    void *address = va_arg(list, void *);
    void *data = va_arg(list, void *);
    va_end(list);

    if (request == PTRACE_SETREGSET && (long)address == NT_X86_XSTATE)
        return set_whole(pid, address, data);
    if (request == PTRACE_PEEKTEXT || request == PTRACE_PEEKDATA || request == PTRACE_PEEKUSER) {
        failed = syscall(SYS_ptrace, request, pid, address, &word);     /* the libc's function returns the word */
        return failed ? failed : word;
    }
    return syscall(SYS_ptrace, request, pid, address, data);
}
