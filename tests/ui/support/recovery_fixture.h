// A window on a home whose runs were interrupted, or failed: made in a moment, with real training of a few steps.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "training/job_fixture.h"
#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/support/window_fixture.h"
#include "ui/theme.h"

namespace cairn::tests {

constexpr int kRecoveryPatience = 30'000;  // milliseconds; the engine is loaded on the way

struct RecoveryFixture : WindowFixture {
  void open() {
    show();
    QTRY_VERIFY(window->client().loaded());
  }
  void show() {
    if (qEnvironmentVariableIsSet("CAIRN_PICTURES")) {
      ui::Theme::instance().setChoice(qEnvironmentVariable("CAIRN_THEME") == QLatin1String("dark") ? ui::Theme::Choice::Dark
                                                                                                  : ui::Theme::Choice::Light);
    }
    window = std::make_unique<ui::MainWindow>(jobs.home());
    window->resize(1400, 880);
    window->show();
  }

  /// A run of `jobs.spec(settings)` that was killed after step `stop`, with checkpoints up to `checkpoint` alone.
  std::string interrupted(std::int64_t stop, std::int64_t checkpoint, const std::vector<std::string>& settings = {}) const {
    const auto run = JobFixture::finish(training::Job::train(jobs.home(), jobs.spec(settings), stop));
    dropCheckpoints(run, checkpoint);
    jobs.write().setStatus(run, core::RunStatus::Running);  // its lock is free: whoever trained it is gone
    return run;
  }

  /// As if those after `step` had never been written.
  void dropCheckpoints(const std::string& run, std::int64_t step) const {
    auto catalog = jobs.write();
    for (const auto& row : catalog.checkpoints(run)) {
      if (row.step <= step) continue;
      catalog.setCheckpointState(row.id, core::CheckpointState::Pruned);
      std::filesystem::remove(row.path);
    }
  }

  /// A run whose lr was set to a wild value at step 8: it failed at once, with a good checkpoint at step 6.
  std::string diverged(const std::vector<std::string>& settings = {}) const {
    const auto run = JobFixture::finish(training::Job::train(jobs.home(), jobs.spec(settings), 6));
    jobs.write().appendEvent(run, {8, "lr", R"({"lr": 1e300})", "2026-01-01T00:00:00.000Z"});
    auto job = training::Job::resume(jobs.home(), run);
    CountingSink sink;
    job->start(sink);
    try {
      job->wait();
    } catch (const Error&) {
      return run;
    }
    return {};
  }

  const core::RunRecord& run(const std::string& id) const { return *snapshot()->run(id); }
  std::filesystem::path data() const { return jobs.root() / "clusters.csv"; }
  QString bannerText() const {
    QStringList lines;
    for (const auto* label : window->findChildren<QLabel*>(QStringLiteral("bannerText")))  // also what went well, at the foot
      if (label->isVisible()) lines << label->text();
    return lines.join(QLatin1Char('\n'));
  }
  /// The visible button of the banner with these words.
  QAbstractButton* bannerButton(const QString& words) const {
    for (const auto* place : {"banner", "toast"}) {
      const auto* lines = find(QString::fromLatin1(place));
      if (!lines) continue;
      for (auto* button : lines->findChildren<QAbstractButton*>())
        if (button->isVisible() && button->text() == words) return button;
    }
    return nullptr;
  }
  void clickBanner(const QString& words) const {
    auto* button = bannerButton(words);
    QVERIFY2(button, qPrintable(words + QStringLiteral(" is not on the banner: ") + bannerText()));
    QTest::mouseClick(button, Qt::LeftButton);
  }
  /// Into $CAIRN_PICTURES, if it is set: for a person to look at.
  static void picture(const QPixmap& drawn, const QString& name) {
    const auto folder = qEnvironmentVariable("CAIRN_PICTURES");
    if (!folder.isEmpty()) drawn.save(folder + QLatin1Char('/') + name + QStringLiteral(".png"));
  }
  static void picture(QWidget* widget, const QString& name) {
    if (qEnvironmentVariableIsSet("CAIRN_PICTURES")) picture(widget->grab(), name);
  }

  JobFixture jobs;
};

}  // namespace cairn::tests
