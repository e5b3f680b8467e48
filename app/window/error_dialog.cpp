#include "app/window/error_dialog.h"

#include "app/session/session.h"
#include "views/model_words.h"

#include <QMessageBox>

namespace layerscope::app {

void showErrorDialog(QWidget* parent, const QString& title, const Error& error)
{
    auto* box = new QMessageBox(QMessageBox::Warning, title, title, QMessageBox::Ok, parent);
    box->setObjectName(QStringLiteral("error_dialog"));
    box->setTextFormat(Qt::PlainText); // the words come from files
    box->setInformativeText(views::inWords(error));
    if (!error.places().empty())
        box->setDetailedText(errorChain(error));
    box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace layerscope::app
