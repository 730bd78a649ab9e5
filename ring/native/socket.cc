// Passing a queue's file descriptors over a unix socket: one byte, and the fds as SCM_RIGHTS.
#include "native.h"

#include <algorithm>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace mem_ring {
namespace {

constexpr size_t kFdsMax = 8;
constexpr char kQueue = 'Q';

union Control {
  char bytes[CMSG_SPACE(kFdsMax * sizeof(int))];
  cmsghdr align;
};

// connectUnix(path): a connected socket, non-blocking and closed on exec.
Napi::Value ConnectUnix(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  std::string path = info[0].As<Napi::String>().Utf8Value();
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    ThrowErrno(env, "connect", ENAMETOOLONG);
    return env.Undefined();
  }
  std::copy(path.begin(), path.end(), address.sun_path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    int error = errno;
    if (fd >= 0) close(fd);
    ThrowErrno(env, "connect", error);
    return env.Undefined();
  }
  return Napi::Number::New(env, fd);
}

// sendFds(socket, fds): the peer gets duplicates.
Napi::Value SendFds(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Napi::Array list = info[1].As<Napi::Array>();
  size_t count = std::min<size_t>(list.Length(), kFdsMax);
  Control control = {};
  char byte = kQueue;
  iovec part = {&byte, 1};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = CMSG_SPACE(count * sizeof(int));
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(count * sizeof(int));
  for (size_t i = 0; i < count; i++) {
    int fd = list.Get(static_cast<uint32_t>(i)).As<Napi::Number>().Int32Value();
    memcpy(CMSG_DATA(header) + i * sizeof(int), &fd, sizeof(int));
  }
  ssize_t n;
  do {
    n = sendmsg(info[0].As<Napi::Number>().Int32Value(), &message, MSG_NOSIGNAL);
  } while (n < 0 && errno == EINTR);
  if (n < 0) ThrowErrno(env, "sendmsg", errno);
  return env.Undefined();
}

// receiveFds(socket): the fds of one message, closed on exec and the caller's; null if there is no message yet.
Napi::Value ReceiveFds(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Control control = {};
  char byte = 0;
  iovec part = {&byte, 1};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof(control.bytes);
  ssize_t n;
  do {
    n = recvmsg(info[0].As<Napi::Number>().Int32Value(), &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  } while (n < 0 && errno == EINTR);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return env.Null();
  if (n < 0) {
    ThrowErrno(env, "recvmsg", errno);
    return env.Undefined();
  }
  Napi::Array fds = Napi::Array::New(env);
  uint32_t count = 0;
  for (cmsghdr* h = CMSG_FIRSTHDR(&message); h != nullptr; h = CMSG_NXTHDR(&message, h)) {
    if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS) continue;
    for (size_t at = 0; at + sizeof(int) <= h->cmsg_len - CMSG_LEN(0); at += sizeof(int)) {
      int fd;
      memcpy(&fd, CMSG_DATA(h) + at, sizeof(int));
      fds.Set(count++, Napi::Number::New(env, fd));
    }
  }
  return fds;
}

}  // namespace

void InitSocket(Napi::Env env, Napi::Object exports) {
  exports.Set("connectUnix", Napi::Function::New<ConnectUnix>(env));
  exports.Set("sendFds", Napi::Function::New<SendFds>(env));
  exports.Set("receiveFds", Napi::Function::New<ReceiveFds>(env));
}

}  // namespace mem_ring
