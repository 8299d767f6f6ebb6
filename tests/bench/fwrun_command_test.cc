// `fwrun --bench`: which program it becomes, and with which words. That program is
// a stand-in here, beside a copy of fwrun.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/child.h"
#include "tests/fwrun/command.h"
#include "tests/scratch_folder.h"
#include "tests/store/store_fixture.h"

using namespace fw;
using namespace fw::testing;
namespace fs = std::filesystem;

namespace {

// A store with the function f, and fwrun beside a fwrun-bench that notes its words
// and ends with code 3.
class Place {
 public:
  Place() {
    REQUIRE(install_text(make_home(folder_ / "home"), "f", "mark"));
    fs::copy_file(FW_BIN_DIR "/fwrun", folder_ / "fwrun");
  }
  void add_stand_in() {
    const fs::path program = folder_ / "fwrun-bench";
    std::ofstream(program) << "#!/bin/sh\necho \"$@\" >" << words_file() << "\nexit 3\n";
    ::chmod(program.c_str(), 0755);
  }
  int run(const std::vector<std::string>& arguments) {
    return test::run_child([&] {
             ::setenv("FWRUN_HOME", (folder_ / "home").c_str(), 1);
             std::string program = (folder_ / "fwrun").string();
             std::vector<char*> words{program.data()};
             for (const std::string& word : arguments) {
               words.push_back(const_cast<char*>(word.c_str()));
             }
             words.push_back(nullptr);
             const int null = ::open("/dev/null", O_WRONLY);
             ::dup2(null, 1);
             ::dup2(null, 2);
             ::execv(program.c_str(), words.data());
             return 126;
           })
        .value;
  }
  std::string words() const { return fs::exists(words_file()) ? read_text(words_file()) : "none"; }

 private:
  fs::path words_file() const { return folder_ / "words"; }
  test::ScratchFolder folder_;
};

}  // namespace

TEST_CASE("--bench becomes fwrun-bench for one function, and ends as that does") {
  Place place;
  place.add_stand_in();
  CHECK(place.run({"--bench", "f"}) == 3);
  CHECK(place.words() == "--function f\n");
  CHECK(place.run({"--bench", "f", "--json"}) == 3);
  CHECK(place.words() == "--function f --json\n");
}

TEST_CASE("--bench of an unknown function starts nothing") {
  Place place;
  place.add_stand_in();
  CHECK(place.run({"--bench", "g"}) == 4);
  CHECK(place.words() == "none");
}

TEST_CASE("Without fwrun-bench, --bench fails") {
  Place place;
  CHECK(place.run({"--bench", "f"}) == 70);
}

TEST_CASE("--bench needs a name, takes no other command's options, and is in the help") {
  CHECK(fwrun({"--bench"}).code == 2);
  CHECK(fwrun({"--bench", "f", "--timing"}).code == 2);
  CHECK(fwrun({"--bench", "f", "--list"}).code == 2);
  CHECK(fwrun({"--help"}).out.find("--bench NAME") != std::string::npos);
}
