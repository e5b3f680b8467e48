#pragma once

#include <QString>
#include <QStringList>

QT_BEGIN_NAMESPACE
class QApplication;
QT_END_NAMESPACE

namespace layerscope::app {

/// The languages there are: "en", "pt_BR".
QStringList languages();

/// The name of a language in itself: "Português (Brasil)".
QString languageName(const QString& language);

/// Sets the language of all texts and the form of all numbers; empty: that of the system, English
/// where there is no translation. Widgets that exist keep their words.
void applyLanguage(QApplication& application, const QString& language);

} // namespace layerscope::app
