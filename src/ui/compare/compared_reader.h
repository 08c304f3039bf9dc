// Reads the ticked checkpoints with their runs from the catalog, and again when they or the home change. GUI thread.
#pragma once

#include <QObject>
#include <map>
#include <string>
#include <vector>

#include "ui/catalog_client.h"
#include "ui/compare/compared.h"
#include "ui/selection.h"

namespace cairn::ui {

class ComparedReader : public QObject {
  Q_OBJECT

 public:
  ComparedReader(CatalogClient& client, Selection& selection, QObject* parent);
  const ComparedItems& items() const { return items_; }
  void setActive(bool active);                          ///< reads only while somebody looks
  void learn(const std::vector<core::Compared>& read);  ///< what only their files say

 Q_SIGNALS:
  void changed();  ///< what is shown of them; not at each step that one of their runs takes

 private:
  void read();
  void take(ComparedItems items);
  void redress();
  void addFingerprints(ComparedItems& items) const;

  CatalogClient& client_;
  Selection& selection_;
  ComparedItems items_;
  std::map<std::string, std::string> fingerprints_;  ///< of the data, by checkpoint id; those that were read
  quint64 newest_ = 0;                               ///< an older question's answer is dropped
  bool active_ = false;
};

}  // namespace cairn::ui
