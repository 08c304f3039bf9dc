// The rest of MNIST's four files, found beside a chosen one by their names. Looks at the disk; any thread.
#pragma once

#include <QString>

namespace cairn::ui {

struct IdxCompanions {
  QString labels;                              ///< "" where there is no such file
  QString validationImages, validationLabels;  ///< both or neither
};

/// `images` is the file of training images, named as MNIST names it ("train-images-idx3-ubyte", with ".gz" or not);
/// kin with "test" or "val" in place of "t10k" are found too.
IdxCompanions idxCompanions(const QString& images);

}  // namespace cairn::ui
