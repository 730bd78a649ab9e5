// Regions: a sealed memfd, mapped over the memory of a shared WebAssembly.Memory.
//
// WebAssembly.Memory({ shared: true }) is the one way to page-aligned shared memory that needs no V8 header: the address
// comes from napi_get_typedarray_info, and MAP_FIXED replaces the anonymous pages by the memfd's. V8 still owns the
// range and unmaps it whole when the buffer is collected, the memfd's pages with it.
#include "native.h"

#include <fcntl.h>
#include <linux/memfd.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

namespace mem_ring {
namespace {

int CreateSealedMemfd(uint64_t size) {
  // MFD_NOEXEC_SEAL came with Linux 6.3; older kernels refuse the unknown flag.
  int fd = static_cast<int>(syscall(SYS_memfd_create, "mem-ring", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL));
  if (fd < 0 && errno == EINVAL) {
    fd = static_cast<int>(syscall(SYS_memfd_create, "mem-ring", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  }
  if (fd < 0) return -errno;
  // Sealed before anybody else sees it: a peer that could shrink the file could turn every access into SIGBUS.
  if (ftruncate(fd, static_cast<off_t>(size)) != 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

// Whether a mapping may replace the view's memory; throws otherwise.
bool IsWholePages(Napi::Env env, const char* function, const Napi::Uint8Array& view) {
  size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  size_t size = view.ByteLength();
  if (size != 0 && size % page == 0 && reinterpret_cast<uintptr_t>(view.Data()) % page == 0) return true;
  Napi::Error::New(env, std::string(function) + ": the memory is not page-aligned").ThrowAsJavaScriptException();
  return false;
}

// mapRegion(view): creates a sealed memfd of the view's size, maps it over the view's memory and returns the fd.
Napi::Value MapRegion(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Napi::Uint8Array view = info[0].As<Napi::Uint8Array>();
  if (!IsWholePages(env, "mapRegion", view)) return env.Undefined();
  void* address = view.Data();
  size_t size = view.ByteLength();
  int fd = CreateSealedMemfd(size);
  if (fd < 0) {
    ThrowErrno(env, "memfd_create", -fd);
    return env.Undefined();
  }
  if (mmap(address, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
    int error = errno;
    close(fd);
    ThrowErrno(env, "mmap", error);
    return env.Undefined();
  }
  return Napi::Number::New(env, fd);
}

// fileSize(fd): bytes of an open file.
Napi::Value FileSize(const Napi::CallbackInfo& info) {
  struct stat file;
  if (fstat(info[0].As<Napi::Number>().Int32Value(), &file) != 0) {
    ThrowErrno(info.Env(), "fstat", errno);
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), static_cast<double>(file.st_size));
}

// mapExisting(view, fd): maps a memfd that somebody else made over the view's memory.
Napi::Value MapExisting(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Napi::Uint8Array view = info[0].As<Napi::Uint8Array>();
  if (!IsWholePages(env, "mapExisting", view)) return env.Undefined();
  int fd = info[1].As<Napi::Number>().Int32Value();
  int seals = fcntl(fd, F_GET_SEALS);
  if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) {
    Napi::Error::New(env, "mapExisting: the file is not a memfd sealed against shrinking").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  // Behind the end of the file every access would be a SIGBUS.
  struct stat file;
  if (fstat(fd, &file) != 0 || static_cast<uint64_t>(file.st_size) != view.ByteLength()) {
    Napi::Error::New(env, "mapExisting: the file has another size").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  if (mmap(view.Data(), view.ByteLength(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
    ThrowErrno(env, "mmap", errno);
  }
  return env.Undefined();
}

// release(fd, offset, length): gives the pages of a part of the region back to the system; they read as zero again.
Napi::Value Release(const Napi::CallbackInfo& info) {
  int fd = info[0].As<Napi::Number>().Int32Value();
  int64_t offset = info[1].As<Napi::Number>().Int64Value();
  int64_t length = info[2].As<Napi::Number>().Int64Value();
  if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length) != 0) {
    ThrowErrno(info.Env(), "fallocate", errno);
  }
  return info.Env().Undefined();
}

Napi::Value CloseFd(const Napi::CallbackInfo& info) {
  close(info[0].As<Napi::Number>().Int32Value());
  return info.Env().Undefined();
}

// closeWhenCollected(fds): returns an owner that closes the fds when it is garbage.
struct OwnedFds {
  int fds[8];
  uint32_t count;
  void Close() {
    for (uint32_t i = 0; i < count; i++) close(fds[i]);
    count = 0;
  }
};

Napi::Value CloseWhenCollected(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Napi::Array fds = info[0].As<Napi::Array>();
  auto* owned = new OwnedFds{};
  for (uint32_t i = 0; i < fds.Length() && i < 8; i++) {
    owned->fds[owned->count++] = Napi::Value(fds[i]).As<Napi::Number>().Int32Value();
  }
  // The finalizer is the one place that frees `owned`; closing early only empties it.
  return Napi::External<OwnedFds>::New(env, owned, [](Napi::BasicEnv, OwnedFds* o) {
    o->Close();
    delete o;
  });
}

// closeOwned(owner): closes them now; a second time there is nothing left to close.
Napi::Value CloseOwned(const Napi::CallbackInfo& info) {
  info[0].As<Napi::External<OwnedFds>>().Data()->Close();
  return info.Env().Undefined();
}

// cpuCount(): processors that this process may run on. Spinning is pure waste on one.
Napi::Value CpuCount(const Napi::CallbackInfo& info) {
  cpu_set_t set;
  CPU_ZERO(&set);
  int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
  return Napi::Number::New(info.Env(), n);
}

}  // namespace

void InitRegion(Napi::Env env, Napi::Object exports) {
  exports.Set("mapRegion", Napi::Function::New<MapRegion>(env));
  exports.Set("fileSize", Napi::Function::New<FileSize>(env));
  exports.Set("mapExisting", Napi::Function::New<MapExisting>(env));
  exports.Set("release", Napi::Function::New<Release>(env));
  exports.Set("closeFd", Napi::Function::New<CloseFd>(env));
  exports.Set("closeWhenCollected", Napi::Function::New<CloseWhenCollected>(env));
  exports.Set("closeOwned", Napi::Function::New<CloseOwned>(env));
  exports.Set("cpuCount", Napi::Function::New<CpuCount>(env));
}

}  // namespace mem_ring
