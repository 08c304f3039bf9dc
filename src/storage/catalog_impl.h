// The insides of a Catalog: its connection, its prepared statements, and the two ways in: read() and write().
// Private to src/storage.
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "storage/catalog.h"
#include "storage/monitor.h"
#include "storage/retention.h"
#include "storage/sql.h"

namespace cairn::storage {

struct Catalog::Impl {
  Impl(const Home& place, Access asked, FileSystem& fileSystem);
  ~Impl();

  Home home;
  Access access;
  FileSystem& files;
  std::filesystem::path privateCopy;  ///< a folder of our own, removed at the end; empty without
  std::unique_ptr<SQLite::Database> database;
  std::unordered_map<const char*, std::unique_ptr<SQLite::Statement>> statements;  // by the constant's address
  struct ParsedSpec {
    std::string text;
    core::RunSpec spec;
  };
  std::unordered_map<std::string, ParsedSpec> specs;  ///< by run: parsing a thousand at each look would be slow
  int depth = 0;                                      ///< of write()s inside each other

  void openForWriting();
  void openForReading();
  void migrate();
  void readAsOfNow();
  void requireKnownVersion();

  /// `sql` is a constant; the statement is prepared once.
  SQLite::Statement& prepared(const char* sql);

  template <typename Work>
  auto read(Work&& work) {
    try {
      return work();
    } catch (const SQLite::Exception& error) {
      throw translated(error, home.catalog());
    }
  }

  /// One BEGIN IMMEDIATE transaction, joined by those inside it; rolled back when `work` throws.
  template <typename Work>
  auto write(Work&& work) {
    requireWritable();
    return read([&] {
      Transaction transaction(*this);
      if constexpr (std::is_void_v<decltype(work())>) {
        work();
        transaction.commit();
      } else {
        auto result = work();
        transaction.commit();
        return result;
      }
    });
  }
  void requireWritable() const;

  // What several of the catalog's files need. Inside read() or write().
  core::RunRecord readRun(Query& row);
  std::vector<core::RunRecord> readRuns(const char* query);
  const core::RunSpec& specOf(const std::string& run, const std::string& text);
  core::CheckpointRecord readCheckpointRow(Query& row);
  std::optional<core::CheckpointRecord> checkpointById(const std::string& id);
  core::CheckpointRecord requireCheckpoint(const std::string& id);
  /// A checkpoint whose file was gone is there again: of its row, what is of the file changes, and kind and roles.
  void bringBack(const core::CheckpointRecord& checkpoint);
  void touch(const std::string& run);  ///< updated_at
  void insertChunk(const std::string& run, core::Series series, const SeriesData& data, bool superseded);
  void appendSeries(const std::string& run, core::Series series, SeriesData fresh);
  SeriesData ownMetrics(const std::string& run, core::Series series, std::int64_t afterStep);
  void supersedeSeries(const std::string& run, core::Series series, std::int64_t afterStep);
  Monitor monitorOfRun(const std::string& run);
  std::vector<RetentionRow> readyRows(const std::string& run);  ///< in the order of their steps
  std::vector<core::CheckpointRecord> prune(const std::string& run, const core::CheckpointSpec& policy,
                                            const std::set<std::string>* chosen);  ///< null: all that may go
  std::optional<double> bestOf(const std::string& run, const std::string& metric);
  void moveBestRole(const std::string& run);
  bool isParent(const std::string& checkpoint);
  std::string relative(const std::filesystem::path& path) const;
  std::filesystem::path absolute(const std::string& path) const;
  struct Deletion {
    std::string at;  ///< "": it is not deleted
    bool inTrash = false;
  };
  Deletion deletionOf(const std::string& run);
  std::filesystem::path trashFile(const std::string& checkpoint) const;
  /// The file's part of one row, then the mark's end.
  void finishFile(const core::CheckpointRecord& checkpoint, const std::string& pending);
  /// All that the query `pending` finds; `of` is its parameter, if it has one.
  void finishAll(const char* pending, const std::string& of = {});

 private:
  class Transaction {
   public:
    explicit Transaction(Impl& impl);
    ~Transaction();
    void commit();

   private:
    Impl& impl_;
    bool committed_ = false;
  };
};

}  // namespace cairn::storage
