#include "app/window/dock_title.h"

#include "views/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace layerscope::app {

DockTitle::DockTitle(QDockWidget* dock)
    : QWidget(dock)
{
    auto* title = new QLabel(dock->windowTitle(), this);
    QFont font = title->font();
    font.setWeight(QFont::DemiBold);
    title->setFont(font);
    auto* close = new QToolButton(this);
    close->setAutoRaise(true);
    close->setIcon(views::icon("close"));
    close->setIconSize({ 12, 12 });
    close->setToolTip(tr("Close"));
    close->setAccessibleName(tr("Close"));
    connect(close, &QToolButton::clicked, dock, &QWidget::close);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 4, 4, 4);
    layout->addWidget(title, 1);
    layout->addWidget(close);
}

} // namespace layerscope::app
