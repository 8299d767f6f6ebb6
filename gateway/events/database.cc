#include "gateway/events/database.h"

#include <fcntl.h>

#include <cerrno>

#include "base/check.h"
#include "base/files.h"

namespace fw::gateway::events {

namespace {

// How long a file may be held by a process that is about to end.
constexpr int kHandoverMs = 1000;

Error error_of(sqlite3* handle, int code) {
  const char* name = ::sqlite3_db_filename(handle, "main");
  const std::string file = name == nullptr ? "the events' file" : name;
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Errc::kBusy, file + " is in use by another process"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Errc::kRefused, file + " is damaged (" + ::sqlite3_errmsg(handle) +
                                  "); it was left as it is: move it away to begin anew"};
    case SQLITE_FULL:
      return Error::from_errno("write " + file, ENOSPC);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM: {
      const int err = ::sqlite3_system_errno(handle);
      return {Errc::kSystem,
              file + ": " + ::sqlite3_errmsg(handle) +
                  (err == 0 ? "" : " (" + Error::from_errno("system", err).message() + ")"),
              err};
    }
    default:
      return {Errc::kInternal, file + ": " + ::sqlite3_errmsg(handle)};
  }
}

Status make_file(const std::filesystem::path& file, bool create) {
  // Only a file that is not there: to close a descriptor of one that this process has
  // open would give up the lock on it (fcntl(2)).
  Result<UniqueFd> made = create ? open_file(file, O_RDWR | O_CREAT | O_EXCL, 0600) : UniqueFd();
  if (!made && made.error().sys_errno() != EEXIST) return fail(std::move(made).error());
  if (!create && !std::filesystem::exists(file)) {
    return fail(Errc::kNotFound, file.string() + " does not exist");
  }
  return {};
}

}  // namespace

Result<Database> Database::open(const std::filesystem::path& file, bool create) {
  FW_TRY(make_file(file, create));
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  const int code = ::sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (code != SQLITE_OK) {
    return fail(Errc::kSystem, "open " + file.string() + ": " + ::sqlite3_errstr(code));
  }
  ::sqlite3_extended_result_codes(handle, 1);
  ::sqlite3_busy_timeout(handle, kHandoverMs);
  FW_TRY(database.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL"));
  return database;
}

Status Database::execute(const char* sql) const {
  const int code = ::sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(error_of(handle_.get(), code));
  return {};
}

Result<Statement*> Database::statement(const char* sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end()) return &known->second;
  sqlite3_stmt* made = nullptr;
  const int code =
      ::sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  if (code != SQLITE_OK) return fail(error_of(handle_.get(), code));
  return &statements_.emplace(sql, Statement(made)).first->second;
}

Statement& Statement::bind(int index, std::uint64_t value) {
  const int code = ::sqlite3_bind_int64(handle_.get(), index, static_cast<sqlite3_int64>(value));
  FW_CHECK(code == SQLITE_OK, "a statement has the values that are bound, and is not in use");
  return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
  const int code = ::sqlite3_bind_text64(handle_.get(), index, value.empty() ? "" : value.data(),
                                         value.size(), SQLITE_STATIC, SQLITE_UTF8);
  FW_CHECK(code == SQLITE_OK, "a statement has the values that are bound, and is not in use");
  return *this;
}

Result<bool> Statement::step() {
  const int code = ::sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  const bool done = code == SQLITE_DONE;
  Error error(Errc::kInternal, "");
  if (!done) error = error_of(::sqlite3_db_handle(handle_.get()), code);
  ::sqlite3_reset(handle_.get());
  if (!done) return fail(std::move(error));
  return false;
}

Status Statement::run() {
  for (;;) {
    FW_TRY_ASSIGN(const bool row, step());
    if (!row) return {};
  }
}

std::uint64_t Statement::number(int column) const {
  return static_cast<std::uint64_t>(::sqlite3_column_int64(handle_.get(), column));
}

std::string Statement::text(int column) const {
  const unsigned char* text = ::sqlite3_column_text(handle_.get(), column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(::sqlite3_column_bytes(handle_.get(), column))};
}

}  // namespace fw::gateway::events
