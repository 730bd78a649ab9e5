// Guardians: a child process that must not outlive the environment that started it.
//
// A worker_thread that is terminated closes its libuv process handles without waiting for the children: they would
// stay as zombies until Node exits. A guardian holds the child by pidfd, so that it can never hit a process that has
// taken over the number, and ends and reaps it when its environment goes.
#include "native.h"

#include <csignal>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

namespace mem_ring {
namespace {

class Guardian {
 public:
  Guardian(napi_env env, int pidfd) : env_(env), pidfd_(pidfd) { napi_add_env_cleanup_hook(env_, OnCleanup, this); }

  // The child was reaped by libuv: nothing to guard any more.
  void Dismiss() {
    if (pidfd_ < 0) return;
    napi_remove_env_cleanup_hook(env_, OnCleanup, this);
    close(pidfd_);
    pidfd_ = -1;
  }

  // The function that dismisses is garbage. Who has let it go without calling it still wants the child guarded: then the
  // guardian belongs to its environment.
  void Forget() {
    if (pidfd_ < 0) {
      delete this;
    } else {
      forgotten_ = true;
    }
  }

 private:
  static void OnCleanup(void* arg) {
    auto* self = static_cast<Guardian*>(arg);
    if (self->pidfd_ < 0) return;
    // Kill first: the child may be busy, and a thread that is being torn down must not wait for it.
    syscall(SYS_pidfd_send_signal, self->pidfd_, SIGKILL, nullptr, 0);
    siginfo_t status;
    while (waitid(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(self->pidfd_), &status, WEXITED) < 0 && errno == EINTR) {
    }
    close(self->pidfd_);
    self->pidfd_ = -1;
    if (self->forgotten_) delete self;
  }

  napi_env env_;
  int pidfd_;
  bool forgotten_ = false;
};

// guardChild(pid): returns a function that dismisses the guardian. Where the kernel has no pidfd (before 5.3), it
// guards nothing, and the child still ends by itself when its control socket closes.
Napi::Value GuardChild(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  int pidfd = static_cast<int>(syscall(SYS_pidfd_open, info[0].As<Napi::Number>().Int32Value(), 0));
  auto* guardian = pidfd < 0 ? nullptr : new Guardian(env, pidfd);
  if (guardian == nullptr) return Napi::Function::New(env, [](const Napi::CallbackInfo&) {});
  Napi::Function dismiss = Napi::Function::New(
      env, [](const Napi::CallbackInfo& call) { static_cast<Guardian*>(call.Data())->Dismiss(); }, "dismiss", guardian);
  // Freed with the function that holds it. At environment teardown cleanup hooks run before finalizers.
  dismiss.AddFinalizer([](Napi::BasicEnv, Guardian* g) { g->Forget(); }, guardian);
  return dismiss;
}

}  // namespace

void InitGuardian(Napi::Env env, Napi::Object exports) {
  exports.Set("guardChild", Napi::Function::New<GuardChild>(env));
}

}  // namespace mem_ring
