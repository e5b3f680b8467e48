#include "app/window/language.h"

#include <QApplication>
#include <QLocale>
#include <QTranslator>

namespace layerscope::app {

QStringList languages()
{
    return { QStringLiteral("en"), QStringLiteral("pt_BR") };
}

QString languageName(const QString& language)
{
    return language == QLatin1String("pt_BR") ? QStringLiteral("Português (Brasil)")
                                              : QStringLiteral("English");
}

void applyLanguage(QApplication& application, const QString& language)
{
    const QLocale system = QLocale::system();
    QLocale locale = language.isEmpty() ? system : QLocale(language);
    // English comes with the country's own way to write numbers where the system is English too.
    if (language == QLatin1String("en"))
        locale = system.language() == QLocale::English ? system : QLocale(QLocale::English);
    if (locale.language() == QLocale::C)
        locale = QLocale(QLocale::English);
    if (locale.language() != QLocale::Portuguese)
        locale = locale.language() == QLocale::English ? locale : QLocale(QLocale::English);
    QLocale::setDefault(locale);

    // One translator for the whole run, loaded anew: an installed one may be reloaded, and tells
    // the application about it. English needs it too, for its plurals.
    static auto* translator = new QTranslator(&application);
    QCoreApplication::removeTranslator(translator);
    const QString name
        = locale.language() == QLocale::Portuguese ? QStringLiteral("pt_BR") : QStringLiteral("en");
    if (translator->load(QLatin1String(":/i18n/layerscope_") + name))
        QCoreApplication::installTranslator(translator);
}

} // namespace layerscope::app
