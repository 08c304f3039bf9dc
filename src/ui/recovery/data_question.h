// Asks what to do where a run's data has changed or is not there any more, before anything was done. GUI thread.
#pragma once

#include <QDialog>
#include <QString>

#include "core/error.h"
#include "core/records.h"
#include "ui/app/asked_job.h"

class QLabel;

namespace cairn::ui {

class DataQuestion : public QDialog {
  Q_OBJECT

 public:
  /// `error` is the answer that `job` got, of code kDataChanged or kDataMissing. `fromStep`: of the checkpoint that it
  /// would go on from; negative: there is none.
  DataQuestion(const AskedJob& job, const core::RunRecord& run, std::int64_t fromStep, const Error& error,
               QWidget* parent = nullptr);

 Q_SIGNALS:
  void answered(const cairn::ui::AskedJob& job);  ///< to be asked again, with what the person said; the dialog closes

 private:
  void goOnAnyway();
  void askForPlace();
  void takePlace(const QString& path);

  AskedJob job_;
  core::RunRecord run_;
  QString file_;  // the one that the error is about
  QLabel* problem_;
};

}  // namespace cairn::ui
