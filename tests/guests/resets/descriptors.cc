// What an invocation does to descriptors.
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "tests/guests/guest.h"
#include "tests/guests/resets/notebook.h"

using namespace fw::guest;

namespace {

constexpr int kFile = 10;
constexpr int kCounter = 11;
constexpr int kReadEnd = 12;
constexpr int kWriteEnd = 13;
constexpr int kSet = 14;
constexpr int kCopy = 15;
constexpr char kUnread[] = "unread";

void move(int fd, int to) {
  EXPECT_EQ(::dup3(fd, to, O_CLOEXEC), to);
  ::close(fd);
}

// Reads what is to be read, so that the next reset must bring it back.
void inspect(Notebook*) {
  EXPECT_EQ(::lseek(kFile, 0, SEEK_CUR), 7);
  std::uint64_t count = 0;
  EXPECT_EQ(::read(kCounter, &count, sizeof count), sizeof count);
  EXPECT_EQ(count, 5);
  char bytes[100];
  EXPECT_EQ(::read(kReadEnd, bytes, sizeof bytes), sizeof kUnread);
  EXPECT_EQ(std::string(bytes), kUnread);
  EXPECT_EQ(::fcntl(kReadEnd, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
  EXPECT_EQ(::fcntl(kCopy, F_GETFD), 0);
  EXPECT_OK(::write(kCounter, &count, sizeof count));
  epoll_event events[4];
  EXPECT_EQ(::epoll_wait(kSet, events, 4, 0), 1);
  EXPECT_EQ(events[0].data.fd, kCounter);
  EXPECT_EQ(::fcntl(30, F_GETFD), -1);
  EXPECT_EQ(::fcntl(3, F_GETFD), -1);
}

const Deed kDeeds[] = {
    {"nothing", [](Notebook*) {}},
    {"new descriptors",
     [](Notebook*) {
       for (int i = 0; i < 30; ++i) EXPECT_OK(::dup(kCounter));
       int ends[2];
       EXPECT_OK(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
     }},
    {"closed descriptors", [](Notebook*) { EXPECT_OK(::close_range(3, 100, 0)); }},
    {"replaced descriptors",
     [](Notebook*) {
       EXPECT_OK(::dup2(kReadEnd, kFile));
       EXPECT_OK(::dup2(kFile, kSet));
       const int other = ::eventfd(99, 0);
       EXPECT_OK(::dup2(other, kCounter));
     }},
    {"position",
     [](Notebook*) {
       EXPECT_OK(::lseek(kFile, 100, SEEK_SET));
       EXPECT_OK(::fcntl(kFile, F_SETFL, O_APPEND));
       EXPECT_OK(::fcntl(kFile, F_SETFD, FD_CLOEXEC));
     }},
    {"epoll",
     [](Notebook*) {
       epoll_event event{EPOLLIN | EPOLLONESHOT, {}};
       EXPECT_OK(::epoll_ctl(kSet, EPOLL_CTL_ADD, kReadEnd, &event));
       EXPECT_OK(::epoll_ctl(kSet, EPOLL_CTL_DEL, kCounter, nullptr));
     }},
    {"full pipe",
     [](Notebook*) {
       char block[4096] = {};
       EXPECT_OK(::fcntl(kWriteEnd, F_SETFL, O_NONBLOCK));
       while (::write(kWriteEnd, block, sizeof block) > 0) {
       }
     }},
    {"flags of standard output", [](Notebook*) { EXPECT_OK(::fcntl(1, F_SETFD, FD_CLOEXEC)); }},
    // ---- what cannot be undone
    {"standard output elsewhere", [](Notebook*) { EXPECT_OK(::dup2(kFile, 1)); }},
    {"closed standard output", [](Notebook*) { ::close(1); }},
    {"closed handed descriptor", [](Notebook*) { EXPECT_OK(::close(40)); }},
    {"replaced handed descriptor", [](Notebook*) { EXPECT_OK(::dup2(kFile, 40)); }},
    {"everything closed", [](Notebook*) { EXPECT_OK(::close_range(3, ~0U, 0)); }},
};

}  // namespace

int main(int, char** argv) {
  const int file = ::open(argv[0], O_RDONLY);
  EXPECT_OK(file);
  move(file, kFile);
  EXPECT_OK(::lseek(kFile, 7, SEEK_SET));
  move(::eventfd(5, EFD_NONBLOCK), kCounter);
  int ends[2];
  EXPECT_OK(::pipe2(ends, O_NONBLOCK));
  move(ends[0], kReadEnd);
  move(ends[1], kWriteEnd);
  EXPECT_OK(::write(kWriteEnd, kUnread, sizeof kUnread));
  move(::epoll_create1(0), kSet);
  epoll_event event{EPOLLIN, {}};
  event.data.fd = kCounter;
  EXPECT_OK(::epoll_ctl(kSet, EPOLL_CTL_ADD, kCounter, &event));
  EXPECT_EQ(::dup2(kFile, kCopy), kCopy);
  return be_reset(argv[1], kDeeds, std::size(kDeeds), inspect);
}
