#include "views/export_button.h"

#include <QMenu>

namespace layerscope::views {

ExportButton::ExportButton(QWidget* parent)
    : QToolButton(parent)
{
    auto* menu = new QMenu(this);
    const auto add = [&](const QString& text, ExportFormat format) {
        connect(menu->addAction(text), &QAction::triggered, this,
            [this, format] { emit exportRequested(format); });
    };
    add(tr("Picture (PNG)…"), ExportFormat::Png);
    add(tr("Drawing (SVG)…"), ExportFormat::Svg);
    add(tr("Document (PDF)…"), ExportFormat::Pdf);
    add(tr("Table (CSV)…"), ExportFormat::Csv);
    setText(tr("Export"));
    setMenu(menu);
    setPopupMode(QToolButton::InstantPopup);
    setFocusPolicy(Qt::StrongFocus);
}

} // namespace layerscope::views
