#include "storage/catalog.h"

#include "core/error.h"
#include "storage/catalog_impl.h"

namespace cairn::storage {

Catalog::Impl::Transaction::Transaction(Impl& impl) : impl_(impl) {
  if (impl_.depth == 0) impl_.database->exec("BEGIN IMMEDIATE");
  ++impl_.depth;
}

Catalog::Impl::Transaction::~Transaction() {
  // SQLite itself may have rolled back already (a full disk): then this says so, and nothing is lost.
  if (--impl_.depth == 0 && !committed_) impl_.database->tryExec("ROLLBACK");
}

void Catalog::Impl::Transaction::commit() {
  if (impl_.depth == 1) impl_.database->exec("COMMIT");
  committed_ = true;
}

SQLite::Statement& Catalog::Impl::prepared(const char* sql) {
  auto& statement = statements[sql];
  if (!statement) statement = std::make_unique<SQLite::Statement>(*database, sql);
  return *statement;
}

void Catalog::Impl::requireWritable() const {
  if (access == Access::Read)
    throw Error("catalog " + home.catalog().string(), "it was opened for reading only", "open the home for writing");
}

std::string Catalog::Impl::relative(const std::filesystem::path& path) const {
  const auto inside = path.lexically_relative(home.root());
  return (inside.empty() || *inside.begin() == ".." ? path : inside).string();
}

std::filesystem::path Catalog::Impl::absolute(const std::string& path) const { return home.root() / path; }

bool RecoveryReport::empty() const {
  return interrupted.empty() && adopted.empty() && quarantined.empty() && missing.empty() && damaged.empty();
}

Catalog::Catalog(const Home& home, Access access, FileSystem& files) : impl_(std::make_unique<Impl>(home, access, files)) {}
Catalog::~Catalog() = default;
Catalog::Catalog(Catalog&&) noexcept = default;

const Home& Catalog::home() const { return impl_->home; }
FileSystem& Catalog::files() const { return impl_->files; }

void Catalog::inTransaction(const std::function<void()>& work) { impl_->write(work); }

}  // namespace cairn::storage
