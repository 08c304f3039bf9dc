// What Error::code() may be beside errno and SQLite's codes: Cairn's own causes, told apart since a person can do
// something about each. Constants only.
#pragma once

namespace cairn {

inline constexpr int kDiverged = -1;     ///< a loss, a gradient or a weight is no number: the same steps would fail again
inline constexpr int kDataChanged = -2;  ///< the data is not what a checkpoint was trained on: a person may accept it
inline constexpr int kDataMissing = -3;  ///< a data file is not where it was: a person may point at it
inline constexpr int kCatalogMissing = -4;  ///< the catalog is gone while what it spoke of is there: it can be rebuilt
inline constexpr int kCatalogNewer = -5;    ///< the catalog is from a newer version of Cairn
inline constexpr int kCatalogForeign = -6;  ///< the catalog's file is another program's database

}  // namespace cairn
