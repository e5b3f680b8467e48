#include "app/window/attach_dialog.h"
#include "app/window/diagnosis_page.h"
#include "app/window/language.h"
#include "app/window/propose_dialog.h"
#include "app/window/samples.h"
#include "model/containers/system_failure.h"
#include "model/layers/layer_type.h"
#include "model/layers/lower_model.h"
#include "views/doctor_view.h"
#include "views/layer_tree.h"
#include "views/model_words.h"

#include <QDirIterator>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabBar>

#include "app_test.h"

using namespace app_test;

/// The window in its other language: nothing may stay behind in the first one.
class tst_Language : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { view_test::ignoreMissingWindowManager(); }
    void changesLanguageWithDocumentsOpen();
    void keepsADiagnosisWhenTheLanguageChanges();
    void fitsTheLayersColumnsInTheirDock_data();
    void fitsTheLayersColumnsInTheirDock();
    void explainsRealLayersInPortuguese();
    void explainsEveryKindOfLayerInPortuguese();
    void saysInPortugueseWhatTheSystemRefuses();
    void leavesNoTextInEnglish();
};

namespace {

QApplication& application()
{
    return *static_cast<QApplication*>(QCoreApplication::instance());
}

void addModelTexts(const QAbstractItemModel& model, const QModelIndex& parent, QSet<QString>& texts)
{
    for (int row = 0; row < model.rowCount(parent); ++row)
        for (int column = 0; column < model.columnCount(parent); ++column) {
            const QModelIndex cell = model.index(row, column, parent);
            texts.insert(cell.data().toString());
            texts.insert(cell.data(Qt::ToolTipRole).toString());
            if (column == 0)
                addModelTexts(model, cell, texts);
        }
    for (int column = 0; column < model.columnCount(parent) && !parent.isValid(); ++column) {
        texts.insert(model.headerData(column, Qt::Horizontal).toString());
        texts.insert(model.headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString());
    }
}

/// Every text that the open windows show, or would show where the mouse rests.
QSet<QString> shownTexts()
{
    QSet<QString> texts;
    for (const QWidget* widget : QApplication::allWidgets()) {
        texts += { widget->toolTip(), widget->windowTitle(), widget->accessibleName() };
        for (const QAction* action : widget->actions())
            texts += { action->text(), action->toolTip() };
        if (const auto* label = qobject_cast<const QLabel*>(widget))
            texts.insert(label->text());
        else if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
            texts.insert(button->text());
        else if (const auto* edit = qobject_cast<const QLineEdit*>(widget))
            texts.insert(edit->placeholderText());
        else if (const auto* tabs = qobject_cast<const QTabBar*>(widget))
            for (int i = 0; i < tabs->count(); ++i)
                texts.insert(tabs->tabText(i));
        else if (const auto* view = qobject_cast<const QAbstractItemView*>(widget);
                 view && view->model() && !qobject_cast<const QFileDialog*>(view->window()))
            addModelTexts(*view->model(), {}, texts);
    }
    return texts;
}

/// Opens one window after the other in `language` and gathers what they say.
QSet<QString> textsIn(const QString& language)
{
    OwnProgram own;
    emit own.window().languageRequested(language);
    waitUntil([&] { return own.program().settings().language() == language; });
    QApplication::processEvents();
    MainWindow& window = own.window();
    window.show();
    QSet<QString> texts = shownTexts(); // the empty window
    Document* weights = own.open(own.copyOf("model_mlp/keras2.15/legacy_weights.h5", "w.h5"));
    Document* document = own.open(own.copyOf("model_residual/keras2.15/model.h5", "model.h5"));
    waitUntil([&] { return document->hasOutputShapes() && own.session().jobs().jobs().isEmpty(); });
    DocumentPage* page = window.currentPage();
    for (const auto tab :
        { DocumentPage::Tab::Weights, DocumentPage::Tab::Training, DocumentPage::Tab::Doctor }) {
        page->showTab(tab);
        QApplication::processEvents();
        texts += shownTexts();
    }
    visitLayers(
        document->network()->model, [&](const Layer&, const std::vector<std::string>& path) {
            if (!path.empty())
                document->selectLayer({ QString::fromStdString(path.front()) });
            texts += shownTexts();
        });
    AttachDialog attach(
        weights->network(), document->network(), QStringLiteral("model.h5"), nullptr);
    const auto proposal = analysis::proposeArchitecture(*weights->network());
    ProposeDialog propose(weights->network(), *proposal, nullptr);
    for (QDialog* dialog : { static_cast<QDialog*>(&attach), static_cast<QDialog*>(&propose) }) {
        dialog->show();
        view_test::takeScreenshot(*dialog,
            language + QString::fromLatin1(dialog->metaObject()->className()).section(u':', -1));
    }
    window.saveDocumentAs();
    window.exportWeights();
    window.chooseFile();
    own.window().openFiles({ dataFile("bad/truncated_half.h5"), own.filePath("nothing.h5") });
    waitUntil(
        [&] { return !own.session().unopened().isEmpty() && QApplication::activeModalWidget(); });
    for (int i = 0; i < 20; ++i)
        QApplication::processEvents();
    int number = 0;
    for (QWidget* dialog : QApplication::topLevelWidgets())
        if (dialog->isVisible())
            view_test::takeScreenshot(
                *dialog, QStringLiteral("%1_dialog_%2").arg(language).arg(++number));
    return texts + shownTexts();
}

/// The clauses of an explanation that no translation was found for.
QStringList untranslated(const Layer& layer, const Network& network)
{
    QStringList found;
    for (const Sentence& clause : layers::explain(layer, network))
        if (const QString english = QString::fromStdString(clause.pattern());
            QCoreApplication::translate("layers", qPrintable(english)) == english)
            found.append(english);
    return found;
}

} // namespace

void tst_Language::changesLanguageWithDocumentsOpen()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    QVERIFY(own.open(dataFile("model_residual/keras2.15/model.h5")));
    QVERIFY(toolButton(own.window(), QStringLiteral("Export weights")));
    emit own.window().languageRequested(QStringLiteral("pt_BR"));
    QVERIFY(waitUntil(
        [&] { return toolButton(own.window(), QStringLiteral("Exportar pesos")) != nullptr; }));
    QCOMPARE(own.window().pages().size(), 1);
    QCOMPARE(QLocale().decimalPoint(), QStringLiteral(","));
    emit own.window().languageRequested(QStringLiteral("en"));
    QVERIFY(waitUntil(
        [&] { return toolButton(own.window(), QStringLiteral("Export weights")) != nullptr; }));
}

void tst_Language::keepsADiagnosisWhenTheLanguageChanges()
{
    OwnProgram own;
    QVERIFY(view_test::showWindow(own.window()));
    QVERIFY(own.open(dataFile("model_residual/keras2.15/model.h5")));
    const QString odd = dataFile("bad/html_page.h5");
    own.window().openFiles({ odd });
    QVERIFY(waitUntil([&] { return own.window().findChild<DiagnosisPage*>() != nullptr; }));
    QCOMPARE(own.window().place().path, odd);

    emit own.window().languageRequested(QStringLiteral("pt_BR"));
    QVERIFY(waitUntil(
        [&] { return toolButton(own.window(), QStringLiteral("Exportar pesos")) != nullptr; }));
    auto* page = own.window().findChild<DiagnosisPage*>();
    QVERIFY(page);
    QVERIFY(!page->view()->report().findings.first().what.contains(QLatin1String("web page")));
    QCOMPARE(own.window().place().path, odd); // still in front
    auto* close = page->findChild<QPushButton*>(QStringLiteral("diagnosis_close"));
    QTest::mouseClick(close, Qt::LeftButton);
    QVERIFY(waitUntil([&] { return !own.window().findChild<DiagnosisPage*>(); }));
    QVERIFY(own.session().unopened().isEmpty());

    own.window().currentPage()->showTab(DocumentPage::Tab::Training);
    emit own.window().languageRequested(QStringLiteral("en"));
    QVERIFY(waitUntil(
        [&] { return toolButton(own.window(), QStringLiteral("Export weights")) != nullptr; }));
    QCOMPARE(own.window().currentPage()->currentTab(), DocumentPage::Tab::Training);
}

void tst_Language::fitsTheLayersColumnsInTheirDock_data()
{
    QTest::addColumn<QString>("language");
    QTest::newRow("English") << QStringLiteral("en");
    QTest::newRow("Portuguese") << QStringLiteral("pt_BR");
}

void tst_Language::fitsTheLayersColumnsInTheirDock()
{
    QFETCH(QString, language);
    OwnProgram own;
    emit own.window().languageRequested(language);
    QVERIFY(waitUntil([&] { return own.program().settings().language() == language; }));
    own.window().resize(1280, 800);
    QVERIFY(view_test::showWindow(own.window()));
    Document* document = own.open(dataFile("model_residual/keras2.15/model.h5"));
    QVERIFY(document);
    QVERIFY(waitUntil([&] { return document->hasOutputShapes(); }));
    QApplication::processEvents();
    const QTreeView* tree = treeOf(own.window().currentPage());
    int sum = 0;
    for (int column = 0; column < tree->model()->columnCount(); ++column) {
        sum += tree->columnWidth(column);
        const QString title = tree->model()->headerData(column, Qt::Horizontal).toString();
        const int margin = tree->style()->pixelMetric(QStyle::PM_HeaderMargin);
        QVERIFY2(tree->columnWidth(column)
                >= tree->header()->fontMetrics().horizontalAdvance(title) + 2 * margin + 8,
            qPrintable(title));
    }
    QVERIFY2(sum <= tree->viewport()->width(),
        qPrintable(QStringLiteral("%1 > %2").arg(sum).arg(tree->viewport()->width())));
    view_test::takeScreenshot(own.window(), QStringLiteral("columns_") + language);
}

void tst_Language::explainsRealLayersInPortuguese()
{
    applyLanguage(application(), QStringLiteral("pt_BR"));
    QStringList files = samplePaths();
    QDirIterator data(QStringLiteral(TEST_DATA), { QStringLiteral("model.h5") }, QDir::Files,
        QDirIterator::Subdirectories);
    while (data.hasNext())
        files.append(data.next());
    QVERIFY(files.size() > 20);
    int layerCount = 0;
    for (const QString& file : qAsConst(files)) {
        const auto network = formats::openNetwork(file.toStdString());
        QVERIFY2(network, qPrintable(file));
        QCOMPARE(untranslated(network->model, *network), QStringList());
        visitLayers(network->model, [&](const Layer& layer, const std::vector<std::string>&) {
            ++layerCount;
            QCOMPARE(untranslated(layer, *network), QStringList());
        });
    }
    QVERIFY(layerCount > 100);

    // The sample as the inspector shows it, with the country's own way to write numbers.
    const auto digits
        = formats::openNetwork(samplePaths().filter(QLatin1String("digits")).first().toStdString());
    QVERIFY(digits);
    QCOMPARE(views::inWords(layers::explain(digits->model, *digits)).left(16),
        QStringLiteral("Uma sequência de"));
    applyLanguage(application(), QStringLiteral("en"));
}

void tst_Language::explainsEveryKindOfLayerInPortuguese()
{
    applyLanguage(application(), QStringLiteral("pt_BR"));
    const Network network;
    int classes = 0;
    for (const layers::LayerFamily* family : layers::allFamilies())
        for (const layers::LayerType& type : family->types)
            for (const QString& name :
                QString::fromUtf8(type.classNames.data(), static_cast<int>(type.classNames.size()))
                    .split(u' ', Qt::SkipEmptyParts)) {
                Layer layer;
                layer.className = name.toStdString();
                layer.config = Json::object();
                ++classes;
                QVERIFY2(untranslated(layer, network).isEmpty(), qPrintable(name));
            }
    QVERIFY(classes > 100);
    Layer strange;
    strange.className = "Marvel";
    QCOMPARE(untranslated(strange, network), QStringList());
    applyLanguage(application(), QStringLiteral("en"));
}

void tst_Language::saysInPortugueseWhatTheSystemRefuses()
{
    applyLanguage(application(), QStringLiteral("pt_BR"));
    for (int code = 1; code <= 133; ++code)
        for (const std::string& text :
            { containers::readFailure(code), containers::writeFailure(code, "/") }) {
            QVERIFY2(views::inWords(text) != QString::fromStdString(text), text.c_str());
            QVERIFY(text.find(std::strerror(code)) == std::string::npos);
        }
    applyLanguage(application(), QStringLiteral("en"));
}

void tst_Language::leavesNoTextInEnglish()
{
    QSet<QString> both = textsIn(QStringLiteral("en"));
    both.intersect(textsIn(QStringLiteral("pt_BR")));
    applyLanguage(application(), QStringLiteral("en"));
    // Names and classes are the same in both; two words beside each other are a phrase. What stands
    // in brackets is JSON.
    static const QRegularExpression phrase(QStringLiteral("^[^\\[{]*[A-Za-z]{2} [A-Za-z]{2}"));
    static const QRegularExpression tag(QStringLiteral("<[^>]*>"));
    QStringList english;
    for (const QString& text : qAsConst(both))
        if (QString(text).remove(tag).contains(phrase))
            english.append(text);
    QVERIFY2(english.isEmpty(), qPrintable(english.join(QLatin1Char('\n'))));
}

QTEST_MAIN(tst_Language)
#include "tst_language.moc"
