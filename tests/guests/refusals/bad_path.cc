// Paths where no image can be written: a folder that is not there, a file in the
// place of a folder, a folder in the place of the image. What lay at the path before
// a refusal is still there.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const std::string folder = folder_of(argv[1]);
  const std::string missing = folder + "/missing/image";
  fw_snapshot_request request{};
  fw_snapshot_report report{};
  const auto expect_error = [&](const std::string& path, int error) {
    request.image_path = path.c_str();
    EXPECT_EQ(fw_snapshot_here(&request, &report), error);
    EXPECT(std::string(report.reason).find(path) != std::string::npos);
    EXPECT(!std::string(report.reason).ends_with(": "));
  };
  expect_error(missing, -ENOENT);
  const int file = ::open((folder + "/file").c_str(), O_WRONLY | O_CREAT, 0600);
  EXPECT_EQ(::write(file, "kept", 4), 4);
  ::close(file);
  expect_error(folder + "/file/image", -ENOTDIR);
  EXPECT_OK(::mkdir((folder + "/folder").c_str(), 0700));
  expect_error(folder + "/folder", -EISDIR);
  EXPECT_EQ(::access((folder + "/folder.incomplete").c_str(), F_OK), -1);

  // A refusal for another reason leaves the former image alone.
  const int pipe_like = ::open((folder + "/gone").c_str(), O_RDWR | O_CREAT, 0600);
  EXPECT_OK(::unlink((folder + "/gone").c_str()));
  expect_refused((folder + "/file").c_str(), -EBUSY, {"gone"});
  EXPECT_EQ(contents(folder + "/file"), "kept");
  ::close(pipe_like);

  // What a capture left that was killed goes with the next.
  const std::string unfinished = argv[1] + std::string(".incomplete");
  ::close(::open(unfinished.c_str(), O_WRONLY | O_CREAT, 0400));

  snapshot(argv[1]);

  EXPECT_EQ(::access(unfinished.c_str(), F_OK), -1);
}
