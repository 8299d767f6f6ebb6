// Database and Statement: SQLite with the house's errors and owners. A connection holds
// its file exclusively, from its first transaction to its end. One thread at a time.
//
// Errors: kBusy: another process has the file; kRefused: the file is damaged or no
// database; kSystem: it cannot be read or written (ENOSPC when the disk is full);
// kInternal: anything else. They name the file.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"

namespace fw::gateway::events {

// A prepared statement, used again and again: bind the values, step through the rows;
// after the last row, or an error, it is ready for the next use.
class Statement {
 public:
  // Values are numbered from 1. Text must live until the statement has been stepped to
  // its end.
  Statement& bind(int index, std::uint64_t value);
  Statement& bind(int index, std::string_view value);

  // True: a row is there.
  Result<bool> step();
  // To the end, rows or not.
  Status run();
  // Ends it before its last row.
  void reset() { ::sqlite3_reset(handle_.get()); }

  // Columns of the row, numbered from 0.
  std::uint64_t number(int column) const;
  std::string text(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { ::sqlite3_finalize(handle); }
  };
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}

  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

class Database {
 public:
  // Makes the file, for its owner alone, when there is none and `create` allows it;
  // else kNotFound.
  static Result<Database> open(const std::filesystem::path& file, bool create);

  // One or more statements whose rows do not matter.
  Status execute(const char* sql) const;

  // One statement, prepared at its first use and kept: `sql` is known by its address, a
  // literal's. It is valid as long as the database.
  Result<Statement*> statement(const char* sql);

  // Nothing else may be called then; statements end.
  void close() {
    statements_.clear();
    handle_.reset();
  }

  // False after an error that undid the transaction by itself.
  bool in_transaction() const { return ::sqlite3_get_autocommit(handle_.get()) == 0; }

  // Rows changed by the last statement that changes rows.
  std::uint64_t changes() const {
    return static_cast<std::uint64_t>(::sqlite3_changes64(handle_.get()));
  }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { ::sqlite3_close_v2(handle); }
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}

  std::unique_ptr<sqlite3, Close> handle_;
  std::unordered_map<const char*, Statement> statements_;
};

}  // namespace fw::gateway::events
