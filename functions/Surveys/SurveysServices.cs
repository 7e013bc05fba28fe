using Microsoft.Extensions.DependencyInjection;
using Plenary.Agenda;
using Plenary.Mail;
using Plenary.Notifications;
using Plenary.Shared;

namespace Plenary.Surveys;

public static class SurveysServices
{
    public static IServiceCollection AddSurveys(this IServiceCollection services)
    {
        services.AddSingleton<SurveyRightTable>();
        services.AddSingleton<SurveyAnswerTable>();
        services.AddSingleton<QuestionnaireTable>();
        services.AddSingleton<ReadSurveys>();
        services.AddSingleton<ISurveys>(provider => provider.GetRequiredService<ReadSurveys>());
        services.AddScoped<OpenSurvey>();
        services.AddScoped<AnswerSurvey>();
        services.AddScoped<CloseSurvey>();
        services.AddScoped<FilterSurvey>();
        services.AddScoped<ReplaceQuestionnaire>();
        services.AddScoped<IComposeMail, SurveyMails>();
        services.AddScoped<IRemind, SurveyReminders>();
        services.AddScoped<IProjectPanel, SurveyPanel>();
        services.AddStore(SurveyRightTable.Name, SurveyAnswerTable.Name, QuestionnaireTable.Name);
        return services;
    }
}
