// How much each channel of a tensor changed, a bar each; where there are more channels than room, the largest of some.
// GUI thread.
#pragma once

#include <QWidget>
#include <cstddef>
#include <optional>
#include <vector>

namespace cairn::ui {

class ChannelBars : public QWidget {
  Q_OBJECT

 public:
  explicit ChannelBars(QWidget* parent = nullptr);
  /// `marked`: the channel with the largest change of one value.
  void set(std::vector<double> changes, std::optional<std::size_t> marked);
  QSize sizeHint() const override { return {420, 100}; }
  QSize minimumSizeHint() const override { return {160, 48}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;  ///< tool tips

 private:
  std::size_t perBar() const;  ///< channels
  std::vector<double> changes_;
  std::optional<std::size_t> marked_;
};

}  // namespace cairn::ui
