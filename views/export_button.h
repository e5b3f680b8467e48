#pragma once

#include "views/export_format.h"

#include <QToolButton>

namespace layerscope::views {

/// A button with a menu of everything that a plot can be saved as.
class ExportButton : public QToolButton
{
    Q_OBJECT

public:
    explicit ExportButton(QWidget* parent = nullptr);

signals:
    void exportRequested(layerscope::views::ExportFormat format);
};

} // namespace layerscope::views
